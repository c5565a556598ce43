/**
 * A request's body as far as conditions may look at it: whole, JSON, and within a bound. Every other body is `unread`, matches no condition, and is
 * counted by the faults that wanted to look.
 */
import type { RequestHead } from './fault.js';
import { JSON_MEDIA_TYPE } from './json-body.js';

/** Of the body itself, without its framing. */
export const READ_BYTES_MAX = 64 * 1024;

/** `none`: the request has no body. A text is kept rather than its value, which may be twenty times as large. */
export type RequestBody = { kind: 'none' } | { kind: 'unread' } | { kind: 'json'; text: string };

/** What clients say of a body when nobody has told them what it is: curl of `-d`, fetch of a string. */
const SAID_OF_ANYTHING = /^[ \t]*(?:application\/x-www-form-urlencoded|text\/plain)[ \t]*(?:;|$)/i;

/** Whether the head says that it may be worth waiting for: plain JSON, or a body of which nobody has said anything that counts. */
export function mayBeJson(head: RequestHead): boolean {
  const coding = head.header('content-encoding')?.trim().toLowerCase() ?? '';
  const type = head.header('content-type');
  return (coding === '' || coding === 'identity') && (type === undefined || JSON_MEDIA_TYPE.test(type) || SAID_OF_ANYTHING.test(type));
}

/** A body that is whole. */
export function readRequestBody(bytes: Buffer): RequestBody {
  const text = bytes.toString('utf8');
  return valueOf(text) === undefined ? { kind: 'unread' } : { kind: 'json', text };
}

/** What the text says; undefined if it is no JSON. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
