/**
 * Heads as faults want them. Fields that nobody named stay byte for byte, in their place; those of the framing are ours. What comes out is parsed
 * again like anything from the wire: an edit after which it would not be one head, framed as meant, is not made.
 */
import { STATUS_CODES } from 'node:http';
import type { HeadEdit } from '../faults/fault.js';
import { isFramingField } from '../faults/head-fields.js';
import type { Framing } from './framing.js';
import { type ParsedRequest, parseRequestHead } from './request-head.js';
import { type ParsedResponse, parseResponseHead } from './response-head.js';

/** What a head is to say of its body: what it said before, a length, chunked, nothing but the end of the connection, or that there is none. */
export type BodyField = 'asItCame' | number | 'chunked' | 'untilClose' | 'none';

/** A head and its bytes. */
export interface EditedHead<H> {
  parsed: H;
  bytes: Buffer;
}

/** `next` on top of `edit`. */
export function mergeEdits(edit: HeadEdit, next: HeadEdit | undefined): HeadEdit {
  if (next === undefined) return edit;
  const { set = {}, remove = [] } = next;
  const kept = Object.entries(edit.set ?? {}).filter(([name]) => !remove.includes(name));
  return {
    ...edit,
    ...next,
    set: { ...Object.fromEntries(kept), ...set },
    remove: [...(edit.remove ?? []).filter((name) => !Object.hasOwn(set, name)), ...remove],
  };
}

/** Whether a head stays as it is. */
export function saysNothing({ set = {}, remove = [], ...line }: HeadEdit): boolean {
  return Object.keys(set).length === 0 && remove.length === 0 && Object.values(line).every((value) => value === undefined);
}

/** Undefined: there is no such head. Methods whose answers are framed in a way of their own are neither given nor taken. */
export function editRequest(request: ParsedRequest, edit: HeadEdit, body: BodyField): EditedHead<ParsedRequest> | undefined {
  const { method = request.method, target = request.target } = edit;
  if (!isOneLineEach(edit)) return undefined;
  if (method !== request.method && [method, request.method].some((name) => name === 'HEAD' || name === 'CONNECT')) return undefined;
  const lead = request.text.startsWith('\r\n') ? '\r\n' : '';
  const text = `${lead}${method} ${target} HTTP/${request.version}\r\n${editFields(request, edit, body)}`;
  const parsed = parseRequestHead(text);
  if (typeof parsed === 'string' || parsed.method !== method || parsed.target !== target) return undefined;
  return isFramed(parsed.framing, request.framing, body) ? { parsed, bytes: Buffer.from(text, 'latin1') } : undefined;
}

/** The same for the answer to a request of that method. */
export function editResponse(
  response: ParsedResponse,
  edit: HeadEdit,
  { method, body }: { method: string; body: BodyField },
): EditedHead<ParsedResponse> | undefined {
  const { status = response.status } = edit;
  if (!isOneLineEach(edit)) return undefined;
  const firstLine =
    status === response.status
      ? response.text.slice(0, response.fieldsAt)
      : `HTTP/${response.version} ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
  const text = firstLine + editFields(response, edit, body);
  const parsed = parseResponseHead(text, method);
  if (typeof parsed === 'string' || parsed.status !== status) return undefined;
  return isFramed(parsed.framing, response.framing, body) ? { parsed, bytes: Buffer.from(text, 'latin1') } : undefined;
}

/** A value with a line break would be a field more, which the parser has no reason to refuse. */
function isOneLineEach({ set = {} }: HeadEdit): boolean {
  return Object.entries(set).every(([name, value]) => !/[\r\n]/.test(name + value));
}

function isFramed(framing: Framing, before: Framing, body: BodyField): boolean {
  if (body === 'asItCame') return framing === before;
  return framing === (body === 0 ? 'none' : body);
}

/** The field lines, and the empty line behind them. */
function editFields({ text, fieldsAt }: { text: string; fieldsAt: number }, edit: HeadEdit, body: BodyField): string {
  const { set, remove } = withBody(edit, body);
  const missing = new Map(set);
  let edited = '';
  let lineAt = fieldsAt;
  for (let endAt = text.indexOf('\r', lineAt); endAt !== lineAt; endAt = text.indexOf('\r', lineAt)) {
    const written = text.slice(lineAt, text.indexOf(':', lineAt));
    const name = written.toLowerCase();
    const value = set.get(name);
    if (value === undefined && !remove.has(name)) edited += text.slice(lineAt, endAt + 2);
    // Of several of that name, the first is where the new one stands.
    if (value !== undefined && missing.delete(name)) edited += `${written}: ${value}\r\n`;
    lineAt = endAt + 2;
  }
  for (const [name, value] of missing) edited += `${name}: ${value}\r\n`;
  return `${edited}\r\n`;
}

interface FieldEdit {
  set: ReadonlyMap<string, string>;
  remove: ReadonlySet<string>;
}

/** Fields of the framing that a fault names are left out; those that the body asks for come in. */
function withBody({ set = {}, remove = [] }: HeadEdit, body: BodyField): FieldEdit {
  const named = Object.entries(set).filter(([name]) => !isFramingField(name));
  const unwanted = remove.filter((name) => !isFramingField(name));
  const { fields, without } = bodyFields(body);
  return { set: new Map([...named, ...fields]), remove: new Set([...unwanted, ...without]) };
}

function bodyFields(body: BodyField): { fields: readonly [name: string, value: string][]; without: readonly string[] } {
  switch (body) {
    case 'asItCame':
      return { fields: [], without: [] };
    case 'chunked':
      return { fields: [['transfer-encoding', 'chunked']], without: ['content-length'] };
    case 'untilClose':
      return { fields: [['connection', 'close']], without: ['content-length', 'transfer-encoding', 'trailer'] };
    case 'none':
      return { fields: [], without: ['content-length', 'transfer-encoding', 'trailer'] };
    default:
      // Trailers need chunks.
      return { fields: [['content-length', String(body)]], without: ['transfer-encoding', 'trailer'] };
  }
}
