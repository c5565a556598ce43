/**
 * One pass over the field lines of a head: are they well formed, and what do they say about framing and the connection's life. It answers in
 * one small object and keeps no values; whoever wants another field looks it up with `fieldValue`, which faults and tokens do rarely.
 */
import type { Malformation } from './malformation.js';
import { COLON, CR, HTAB, LF, SP, skip, TOKEN, VALUE } from './octets.js';

export interface Fields {
  /** -1: no Content-Length. */
  lengthBytes: number;
  chunked: boolean;
  hosts: number;
  /** All `Connection` values, lower-case, joined by commas. */
  connection: string;
  upgrade: boolean;
  expectsContinue: boolean;
}

/** Fifteen digits stay exact in a double, and are a petabyte. */
const LENGTH = /^\d{1,15}$/;
/** Content codings before the last one change no framing, so the registered ones may stand there. */
const CHUNKED_LAST = /^(?:(?:x-)?(?:gzip|compress|deflate)[ \t]*,[ \t]*)*chunked$/i;

/** Reads the field lines from `at` to the empty line that ends `text`. */
export function readFields(text: string, at: number): Fields | Malformation {
  const fields: Fields = { lengthBytes: -1, chunked: false, hosts: 0, connection: '', upgrade: false, expectsContinue: false };
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
    const problem = note(fields, { text, lineAt, colonAt, endAt });
    if (problem !== undefined) return problem;
    lineAt = endAt + 2;
  }
  if (text.charCodeAt(lineAt + 1) !== LF) return 'a bare LF or CR in the head';
  if (fields.chunked && fields.lengthBytes >= 0) return 'Content-Length together with Transfer-Encoding';
  return fields;
}

interface Line {
  text: string;
  lineAt: number;
  colonAt: number;
  endAt: number;
}

/** The length of a name tells most fields apart from the few that matter, without a comparison. */
function note(fields: Fields, line: Line): Malformation | undefined {
  switch (line.colonAt - line.lineAt) {
    case 4:
      if (isNamed(line, 'host')) fields.hosts += 1;
      return undefined;
    case 6:
      if (isNamed(line, 'expect')) fields.expectsContinue = valueOf(line).toLowerCase() === '100-continue';
      return undefined;
    case 7:
      if (isNamed(line, 'upgrade')) fields.upgrade = true;
      return undefined;
    case 10:
      if (isNamed(line, 'connection')) fields.connection += `,${valueOf(line).toLowerCase()}`;
      return undefined;
    case 14:
      return isNamed(line, 'content-length') ? noteLength(fields, valueOf(line)) : undefined;
    case 17:
      return isNamed(line, 'transfer-encoding') ? noteCoding(fields, valueOf(line)) : undefined;
    default:
      return undefined;
  }
}

function noteLength(fields: Fields, value: string): Malformation | undefined {
  if (fields.lengthBytes >= 0) return 'more than one Content-Length';
  if (!LENGTH.test(value)) return 'Content-Length is not one plain decimal number';
  fields.lengthBytes = Number(value);
  return undefined;
}

function noteCoding(fields: Fields, value: string): Malformation | undefined {
  if (fields.chunked) return 'more than one Transfer-Encoding';
  if (!CHUNKED_LAST.test(value)) return 'Transfer-Encoding does not end in one chunked';
  fields.chunked = true;
  return undefined;
}

/** Field names are compared in lower case, as `name` is given. */
function isNamed({ text, lineAt, colonAt }: Line, name: string): boolean {
  return text.slice(lineAt, colonAt).toLowerCase() === name;
}

/** Without the spaces and tabs around it. */
function valueOf({ text, colonAt, endAt }: Line): string {
  let from = colonAt + 1;
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
  while (text.charCodeAt(lineAt) !== CR) {
    const colonAt = text.indexOf(':', lineAt);
    const endAt = text.indexOf('\r', colonAt);
    const line = { text, lineAt, colonAt, endAt };
    if (colonAt - lineAt === name.length && isNamed(line, name)) return valueOf(line);
    lineAt = endAt + 2;
  }
  return undefined;
}

/** Whether a `Connection` value, as `readFields` gives it, names an option such as `close`. */
export function hasOption(connection: string, option: string): boolean {
  if (connection === '') return false;
  return connection.split(',').some((part) => part.trim() === option);
}
