/**
 * The field lines of a head: are they well formed, and what do they say about framing and the connection's life. One expression decides on the
 * form, because this is the hottest spot of a link; then the few names that matter are picked out. Other fields are looked up with `fieldValue`
 * when a fault asks for them.
 */
import type { Malformation } from './malformation.js';
import { COLON, CR, HTAB, LF, SP, skip, TOKEN, VALUE } from './octets.js';

export interface Fields {
  /** -1: no Content-Length. */
  lengthBytes: number;
  chunked: boolean;
  /** Other transfer codings come before it. */
  coded: boolean;
  hosts: number;
  /** Options that `Connection` names. */
  saysClose: boolean;
  saysKeepAlive: boolean;
  saysUpgrade: boolean;
  /** There is an `Upgrade`. */
  upgrade: boolean;
  expectsContinue: boolean;
  /** The caller's own name for the request: `x-request-id`, else the trace id of a W3C `traceparent`. */
  token: string | undefined;
  /** The trace id by itself, whatever else names the request. */
  traceId: string | undefined;
}

/** Field lines and the empty line that ends the text, in the classes of `octets.ts`. No two parts match the same octet, so it is linear. */
const WELL_FORMED = /(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/y;
/** Fifteen digits stay exact in a double, and are a petabyte. */
const LENGTH_DIGITS_MAX = 15;
/** Content codings before the last one change no framing, so the registered ones may stand there. */
const CHUNKED_LAST = /^(?:(?:x-)?(?:gzip|compress|deflate)[ \t]*,[ \t]*)*chunked$/i;
const TRACE_ID = /^[0-9a-f]{2}-([0-9a-f]{32})-/;
const TOKEN_CHARACTERS_MAX = 200;

/** Reads the field lines from `at` to the empty line that ends `text`. */
export function readFields(text: string, at: number): Fields | Malformation {
  WELL_FORMED.lastIndex = at;
  if (!WELL_FORMED.test(text)) return reasonAgainst(text, at);
  const fields: Fields = {
    lengthBytes: -1,
    chunked: false,
    coded: false,
    hosts: 0,
    saysClose: false,
    saysKeepAlive: false,
    saysUpgrade: false,
    upgrade: false,
    expectsContinue: false,
    token: undefined,
    traceId: undefined,
  };
  let lineAt = at;
  for (let endAt = text.indexOf('\r', lineAt); endAt !== lineAt; endAt = text.indexOf('\r', lineAt)) {
    const problem = note(fields, text, { lineAt, endAt });
    if (problem !== undefined) return problem;
    lineAt = endAt + 2;
  }
  return fields.chunked && fields.lengthBytes >= 0 ? 'Content-Length together with Transfer-Encoding' : fields;
}

/** Why field lines are not well formed. */
function reasonAgainst(text: string, at: number): Malformation {
  let lineAt = at;
  while (text.charCodeAt(lineAt) !== CR) {
    const colonAt = skip(text, lineAt, TOKEN);
    if (colonAt === lineAt || text.charCodeAt(colonAt) !== COLON) {
      return 'a field name is empty, not a token, or followed by something other than a colon';
    }
    const endAt = skip(text, colonAt + 1, VALUE);
    if (text.charCodeAt(endAt) !== CR || text.charCodeAt(endAt + 1) !== LF) {
      return 'a field value holds a control character or a bare CR or LF';
    }
    lineAt = endAt + 2;
  }
  return 'a bare LF or CR in the head';
}

interface Line {
  lineAt: number;
  endAt: number;
}

/** The first letter tells most fields apart from the few that matter, without a further look. */
function note(fields: Fields, text: string, line: Line): Malformation | undefined {
  switch (text.charCodeAt(line.lineAt) | 0x20) {
    case 0x63: // c
      if (isNamed(text, line, 'content-length')) return noteLength(fields, valueOf(text, line, 'content-length'));
      if (isNamed(text, line, 'connection')) noteConnection(fields, valueOf(text, line, 'connection'));
      return undefined;
    case 0x65: // e
      if (isNamed(text, line, 'expect')) fields.expectsContinue = valueOf(text, line, 'expect').toLowerCase() === '100-continue';
      return undefined;
    case 0x68: // h
      if (isNamed(text, line, 'host')) fields.hosts += 1;
      return undefined;
    case 0x74: // t
      if (isNamed(text, line, 'transfer-encoding')) return noteCoding(fields, text, line);
      if (isNamed(text, line, 'traceparent')) noteTrace(fields, traceIdOf(valueOf(text, line, 'traceparent')));
      return undefined;
    case 0x75: // u
      if (isNamed(text, line, 'upgrade')) fields.upgrade = true;
      return undefined;
    case 0x78: // x
      // The caller's own name goes before that of a trace, wherever it stands.
      if (isNamed(text, line, 'x-request-id')) fields.token = requestIdOf(valueOf(text, line, 'x-request-id')) ?? fields.token;
      return undefined;
    default:
      return undefined;
  }
}

function noteLength(fields: Fields, value: string): Malformation | undefined {
  if (fields.lengthBytes >= 0) return 'more than one Content-Length';
  const lengthBytes = decimal(value);
  if (lengthBytes < 0) return 'Content-Length is not one plain decimal number';
  fields.lengthBytes = lengthBytes;
  return undefined;
}

/** The number that these digits are; -1 for anything else. */
function decimal(text: string): number {
  if (text.length === 0 || text.length > LENGTH_DIGITS_MAX) return -1;
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Of all that a `Connection` may list, these are what it says about the connection's life. */
function noteConnection(fields: Fields, value: string): void {
  if (value === 'keep-alive') {
    fields.saysKeepAlive = true;
    return;
  }
  for (const part of value.toLowerCase().split(',')) {
    const option = part.trim();
    if (option === 'close') fields.saysClose = true;
    else if (option === 'keep-alive') fields.saysKeepAlive = true;
    else if (option === 'upgrade') fields.saysUpgrade = true;
  }
}

function noteCoding(fields: Fields, text: string, line: Line): Malformation | undefined {
  if (fields.chunked) return 'more than one Transfer-Encoding';
  // White space by RFC 9110; to Node's client `chunked` with one behind it is another coding, and the body ends with the connection.
  if (text.slice(line.lineAt, line.endAt).includes('\t')) return 'a tab in Transfer-Encoding';
  const value = valueOf(text, line, 'transfer-encoding');
  if (!CHUNKED_LAST.test(value)) return 'Transfer-Encoding does not end in one chunked';
  fields.chunked = true;
  fields.coded = value.length > 'chunked'.length;
  return undefined;
}

function noteTrace(fields: Fields, traceId: string | undefined): void {
  fields.traceId ??= traceId;
  fields.token ??= traceId;
}

/** The caller's name for a request, from an `x-request-id`. */
export function requestIdOf(value: string): string | undefined {
  return value.slice(0, TOKEN_CHARACTERS_MAX) || undefined;
}

/** The same from a `traceparent`. */
export function traceIdOf(value: string): string | undefined {
  return TRACE_ID.exec(value)?.[1];
}

/** Whether the line is a field of that name: lower case, letters and hyphens only. */
function isNamed(text: string, { lineAt }: Line, name: string): boolean {
  // Most names differ in length from the one that is asked for, and need no further look.
  if (text.charCodeAt(lineAt + name.length) !== COLON) return false;
  for (let i = 0; i < name.length; i++) {
    // Among the characters of a token, this maps none but the capital letters onto a letter or the hyphen.
    if ((text.charCodeAt(lineAt + i) | 0x20) !== name.charCodeAt(i)) return false;
  }
  return true;
}

/** What stands behind the name, without the spaces and tabs around it. */
function valueOf(text: string, { lineAt, endAt }: Line, name: string): string {
  let from = lineAt + name.length + 1;
  let to = endAt;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isBlank(octet: number): boolean {
  return octet === SP || octet === HTAB;
}

/** First value of a field in a head that `readFields` accepted. `name` is lower-case. */
export function fieldValue(text: string, at: number, name: string): string | undefined {
  let lineAt = at;
  for (let endAt = text.indexOf('\r', lineAt); endAt !== lineAt; endAt = text.indexOf('\r', lineAt)) {
    // Most names differ in length, and need no text of their own to be told apart.
    if (text.charCodeAt(lineAt + name.length) === COLON && text.slice(lineAt, lineAt + name.length).toLowerCase() === name) {
      return valueOf(text, { lineAt, endAt }, name);
    }
    lineAt = endAt + 2;
  }
  return undefined;
}

/** All fields of a head that `readFields` accepted, in their order. */
export function fieldLines(text: string, at: number): [name: string, value: string][] {
  const lines: [string, string][] = [];
  let lineAt = at;
  for (let endAt = text.indexOf('\r', lineAt); endAt !== lineAt; endAt = text.indexOf('\r', lineAt)) {
    const name = text.slice(lineAt, text.indexOf(':', lineAt));
    lines.push([name, valueOf(text, { lineAt, endAt }, name)]);
    lineAt = endAt + 2;
  }
  return lines;
}
