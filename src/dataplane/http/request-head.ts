/** A request's head, parsed once from the bytes up to its empty line. What is ambiguous is a `Malformation`, never a guess. */
import type { RequestHead } from '../faults/fault.js';
import { pathIn } from '../faults/request-path.js';
import { type Fields, fieldValue, readFields } from './fields.js';
import type { Framing } from './framing.js';
import type { Malformation } from './malformation.js';
import { SP, skip, TARGET, TOKEN } from './octets.js';

export class ParsedRequest implements RequestHead {
  readonly method: string;
  readonly target: string;
  readonly version: '1.0' | '1.1';
  readonly framing: Framing;
  /** False: the caller takes no further answer on this connection after this one. */
  readonly keepsAlive: boolean;
  /** CONNECT, or an upgrade that the callee may accept: until it has answered, nobody knows what the bytes after this request are. */
  readonly asksForTunnel: boolean;
  readonly expectsContinue: boolean;
  /** The caller's own name for the request, if it gave one. */
  readonly token: string | undefined;
  /** That of its trace, if it has another token. */
  readonly traceId: string | undefined;
  /** Transfer codings other than chunked lie around the body: nobody but the two ends can read it. */
  readonly isCoded: boolean;
  /** All of it, as it came. */
  readonly text: string;
  /** Where its field lines begin. */
  readonly fieldsAt: number;
  #path: string | undefined;

  constructor(given: { text: string; fieldsAt: number; method: string; target: string; version: '1.0' | '1.1'; fields: Fields }) {
    const { fields, version } = given;
    this.method = given.method;
    this.target = given.target;
    this.version = version;
    this.framing = fields.chunked ? 'chunked' : fields.lengthBytes > 0 ? fields.lengthBytes : 'none';
    this.keepsAlive = version === '1.1' ? !fields.saysClose : fields.saysKeepAlive;
    this.asksForTunnel = given.method === 'CONNECT' || (fields.upgrade && version === '1.1' && fields.saysUpgrade);
    this.expectsContinue = fields.expectsContinue && version === '1.1';
    this.token = fields.token;
    this.traceId = fields.traceId === fields.token ? undefined : fields.traceId;
    this.isCoded = fields.coded;
    this.text = given.text;
    this.fieldsAt = given.fieldsAt;
  }

  /** Found once, however many faults ask. */
  get path(): string {
    this.#path ??= pathIn(this.target);
    return this.#path;
  }

  header(name: string): string | undefined {
    return fieldValue(this.text, this.fieldsAt, name);
  }
}

/** `text` is the whole head as latin1, from its first line to its empty line; one empty line before the first is let pass. */
export function parseRequestHead(text: string): ParsedRequest | Malformation {
  const start = text.startsWith('\r\n') ? 2 : 0;
  const methodEnd = skip(text, start, TOKEN);
  const targetEnd = skip(text, methodEnd + 1, TARGET);
  if (methodEnd === start || text.charCodeAt(methodEnd) !== SP || targetEnd === methodEnd + 1 || text.charCodeAt(targetEnd) !== SP) {
    return 'the request line is not METHOD SP TARGET SP VERSION';
  }
  const version = readVersion(text, targetEnd + 1);
  const fieldsAt = targetEnd + 11;
  if (version === undefined || !text.startsWith('\r\n', fieldsAt - 2)) return 'the version is not HTTP/1.0 or HTTP/1.1';
  const fields = readFields(text, fieldsAt);
  if (typeof fields === 'string') return fields;
  const method = text.slice(start, methodEnd);
  const problem = contradiction({ method, version, fields });
  if (problem !== undefined) return problem;
  return new ParsedRequest({ text, fieldsAt, method, target: text.slice(methodEnd + 1, targetEnd), version, fields });
}

function contradiction({ method, version, fields }: { method: string; version: string; fields: Fields }): Malformation | undefined {
  if (fields.chunked && version === '1.0') return 'Transfer-Encoding in HTTP/1.0';
  if (fields.hosts > 1 || (fields.hosts === 0 && version === '1.1')) return 'not exactly one Host';
  if (method === 'CONNECT' && (fields.chunked || fields.lengthBytes >= 0)) return 'a CONNECT request with a body';
  return undefined;
}

/** The version whose eight characters stand at `at`. */
export function readVersion(text: string, at: number): '1.0' | '1.1' | undefined {
  if (text.startsWith('HTTP/1.1', at)) return '1.1';
  return text.startsWith('HTTP/1.0', at) ? '1.0' : undefined;
}
