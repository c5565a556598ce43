/** What the edits of one message make of its head together: fields, and what is said of the length of the body. */
import type { BodyLength, HeadEdit } from '../faults/fault.js';
import { mergeEdits } from '../http/head-edit.js';
import type { HeaderBlock } from './header-block.js';

export interface HeadChange {
  head: HeadEdit;
  /** `same` and `short` leave what the head has said; `unknown` and `raw` take it away. */
  length: BodyLength;
}

/** What a message is told that no edit changes. */
export const UNCHANGED: HeadChange = { head: {}, length: 'same' };

/** `next` on top of `change`. */
export function mergeChanges(change: HeadChange, next: HeadChange): HeadChange {
  return { head: mergeEdits(change.head, next.head), length: next.length === 'same' ? change.length : next.length };
}

/** A length is only said where one was said before: HTTP/2 needs none. */
export function changedBlock(block: HeaderBlock, change: HeadChange): HeaderBlock {
  if (change === UNCHANGED) return block;
  const { head, length } = change;
  const edited = block.edited(head);
  if (length === 'same' || edited.first('content-length') === undefined) return edited;
  return typeof length === 'number' ? edited.with('content-length', String(length)) : edited.without(['content-length']);
}
