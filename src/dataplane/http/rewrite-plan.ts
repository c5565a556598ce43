/**
 * What the edits of one message come to: which of them can be made at all, and how the body will be framed. Pure. An edit is made as a whole or
 * not at all, for a head that announces a body which did not come about is worse than none.
 */
import type { BodyEdit, BodyLength, HeadEdit } from '../faults/fault.js';
import type { BodyFrame } from './body-framer.js';
import type { Framing } from './framing.js';
import { type BodyField, type EditedHead, editRequest, editResponse, mergeEdits, saysNothing } from './head-edit.js';
import type { ParsedRequest } from './request-head.js';
import type { ParsedResponse } from './response-head.js';
import type { Edit } from './rule-on.js';

/** A message as far as it decides on what can be done to it. */
export interface EditSubject {
  framing: Framing;
  /** Whether its body can be read here: it is not wrapped in another coding, and does not open a tunnel. */
  isReadable: boolean;
  /** Whether it may come in chunks. */
  mayChunk: boolean;
  isRequest: boolean;
  /** Whether it may have a body if its head is edited like that. */
  mayHaveBody(edit: HeadEdit): boolean;
}

/** A message as far as its edits have to know it. */
export interface Subject<H> extends EditSubject {
  /** How its head is edited if its body is kept until it is whole. */
  onWhole: HeadEdit;
  head(edit: HeadEdit, body: BodyField): EditedHead<H> | undefined;
}

export function requestSubject(request: ParsedRequest): Subject<ParsedRequest> {
  return {
    framing: request.framing,
    isReadable: !request.isCoded && !request.asksForTunnel,
    mayChunk: request.version === '1.1',
    isRequest: true,
    // We have asked for the body ourselves by then.
    onWhole: request.expectsContinue ? { remove: ['expect'] } : {},
    mayHaveBody: () => true,
    head: (edit, body) => editRequest(request, edit, body),
  };
}

/** A final answer that opens no tunnel. `method` is that of the request as the caller sent it. */
export function responseSubject(response: ParsedResponse, request: Pick<ParsedRequest, 'method' | 'version'>): Subject<ParsedResponse> {
  const { method } = request;
  return {
    framing: response.framing,
    isReadable: !response.isCoded && method !== 'CONNECT',
    mayChunk: request.version === '1.1' && response.version === '1.1',
    isRequest: false,
    onWhole: {},
    mayHaveBody: ({ status = response.status }) => method !== 'HEAD' && status !== 204 && status !== 304,
    // Whether a CONNECT has opened a tunnel is not for a head to say anew.
    head: (edit, body) =>
      method === 'CONNECT' && edit.status !== undefined && edit.status !== response.status
        ? undefined
        : editResponse(response, edit, { method, body }),
  };
}

/** Those that can be made, and those that cannot. */
export function sortEdits(edits: readonly Edit[], subject: EditSubject): { possible: readonly Edit[]; impossible: readonly Edit[] } {
  const mayHaveBody = subject.isReadable && subject.mayHaveBody(headOf(edits));
  const isPossible = ({ body }: Edit): boolean => body === undefined || (mayHaveBody && isBodyPossible(body, subject));
  return { possible: edits.filter(isPossible), impossible: edits.filter((edit) => !isPossible(edit)) };
}

/** All that is said of the head before the body is known. */
export function headOf(edits: readonly Pick<Edit, 'head'>[]): HeadEdit {
  return edits.reduce<HeadEdit>((merged, { head }) => mergeEdits(merged, head), {});
}

function isBodyPossible(body: BodyEdit, { framing, isRequest, mayChunk }: EditSubject): boolean {
  if (body.kind === 'whole') return typeof framing !== 'number' || framing <= body.bytesMax;
  if (body.length === 'raw' && !mayChunk) return false;
  // Where there is no body, there is nothing to slow down or to shorten.
  if (framing === 'none' && body.length === 'same') return false;
  // A request that has no body must not seem to have one, and none ends with the connection.
  if (isRequest && framing === 'none') return typeof body.length === 'number';
  return !isRequest || mayChunk || body.length !== 'unknown';
}

export type WholeEdit = Edit & { body: Extract<BodyEdit, { kind: 'whole' }> };

/** What an edit makes of a message whose whole body this is; undefined: nothing, so the message is to go on as if there were no such edit. */
export function rewriteWhole({ head, body }: WholeEdit, bytes: Buffer): { head: HeadEdit; body: Buffer } | undefined {
  const rewritten = body.rewrite(bytes);
  if (rewritten === undefined) return undefined;
  const change = mergeEdits(head ?? {}, rewritten.head);
  return saysNothing(change) && rewritten.body.equals(bytes) ? undefined : { head: change, body: rewritten.body };
}

export interface Outgoing {
  field: BodyField;
  frame: BodyFrame;
}

/** How the message is framed. `edit` is all that is said of its head, `body` what it has become if it was kept until it was whole. */
export function outgoingOf<H>(
  subject: Subject<H>,
  { edit, body, lengths }: { edit: HeadEdit; body: Buffer | undefined; lengths: readonly BodyLength[] },
): Outgoing {
  if (!subject.mayHaveBody(edit)) {
    return { field: subject.framing === 'none' ? 'asItCame' : 'none', frame: 'none' };
  }
  if (lengths.includes('raw')) return { field: unknownLength(subject).field, frame: 'raw' };
  if (lengths.includes('unknown')) return unknownLength(subject);
  const length = lengths.findLast((it) => typeof it === 'number') ?? (isCounted(subject) ? body?.length : undefined);
  return length === undefined ? asItCame(subject) : knownLength(length, subject);
}

function isCounted<H>({ framing }: Subject<H>): boolean {
  return framing === 'none' || typeof framing === 'number';
}

function asItCame<H>(subject: Subject<H>): Outgoing {
  return subject.framing === 'none' ? knownLength(0, subject) : { field: 'asItCame', frame: subject.framing };
}

function knownLength<H>(length: number, subject: Subject<H>): Outgoing {
  const frame = length === 0 ? 'none' : length;
  if (subject.framing === frame && subject.mayHaveBody({})) return { field: 'asItCame', frame };
  return { field: length, frame };
}

function unknownLength<H>({ framing, mayChunk }: Subject<H>): Outgoing {
  const frame = mayChunk ? 'chunked' : 'untilClose';
  return { field: framing === frame ? 'asItCame' : frame, frame };
}
