/** A response's head, parsed once. Its framing depends on the request it answers, so that comes in as an argument. */
import type { RequestHead, ResponseHead } from '../faults/fault.js';
import { type Fields, fieldLines, fieldValue, readFields } from './fields.js';
import type { Framing } from './framing.js';
import type { Malformation } from './malformation.js';
import { CR, LF, SP, skip, VALUE } from './octets.js';
import { readVersion } from './request-head.js';

export class ParsedResponse implements ResponseHead {
  readonly status: number;
  readonly version: '1.0' | '1.1';
  readonly framing: Framing;
  readonly keepsAlive: boolean;
  /** Transfer codings other than chunked lie around the body: nobody but the two ends can read it. */
  readonly isCoded: boolean;
  /** All of it, as it came. */
  readonly text: string;
  /** Where its field lines begin. */
  readonly fieldsAt: number;

  constructor(given: { text: string; fieldsAt: number; status: number; version: '1.0' | '1.1'; fields: Fields; framing: Framing }) {
    const { fields, version } = given;
    this.status = given.status;
    this.version = version;
    this.framing = given.framing;
    this.keepsAlive = version === '1.1' ? !fields.saysClose : fields.saysKeepAlive;
    this.isCoded = fields.coded;
    this.text = given.text;
    this.fieldsAt = given.fieldsAt;
  }

  header(name: string): string | undefined {
    return fieldValue(this.text, this.fieldsAt, name);
  }

  fields(): readonly (readonly [name: string, value: string])[] {
    return fieldLines(this.text, this.fieldsAt);
  }
}

/** `text` is the whole head as latin1, `method` that of the request it answers. */
export function parseResponseHead(text: string, method: RequestHead['method']): ParsedResponse | Malformation {
  const version = readVersion(text, 0);
  if (version === undefined) return 'the version is not HTTP/1.0 or HTTP/1.1';
  const status = readStatus(text);
  const lineEnd = skip(text, 12, VALUE);
  if (status === undefined || text.charCodeAt(lineEnd) !== CR || text.charCodeAt(lineEnd + 1) !== LF) {
    return 'the status line is not VERSION SP STATUS SP REASON';
  }
  const fieldsAt = lineEnd + 2;
  const fields = readFields(text, fieldsAt);
  if (typeof fields === 'string') return fields;
  if (fields.chunked && version === '1.0') return 'Transfer-Encoding in HTTP/1.0';
  return new ParsedResponse({ text, fieldsAt, status, version, fields, framing: framingOf({ method, status, fields }) });
}

/** Three digits after one space. The reason may be empty, and its space missing, as some servers have it. */
function readStatus(text: string): number | undefined {
  if (text.charCodeAt(8) !== SP) return undefined;
  const after = text.charCodeAt(12);
  if (after !== SP && after !== CR) return undefined;
  const [hundreds, tens, ones] = [digitAt(text, 9), digitAt(text, 10), digitAt(text, 11)];
  return hundreds > 0 && tens >= 0 && ones >= 0 ? hundreds * 100 + tens * 10 + ones : undefined;
}

/** 0…9, or -1 for anything else. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** RFC 9112 §6.3, without the cases that `readFields` has refused. */
function framingOf({ method, status, fields }: { method: string; status: number; fields: Fields }): Framing {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 'none';
  if (method === 'CONNECT' && status < 300) return 'none';
  if (fields.chunked) return 'chunked';
  if (fields.lengthBytes < 0) return 'untilClose';
  return fields.lengthBytes === 0 ? 'none' : fields.lengthBytes;
}
