/** What members say to each other: a question in a request, and its answer. Bytes of others are read by the schemas here and by nothing else. */
import { z } from 'zod';
import type { Log } from './log.js';

/** Entries in one message, so that it stays below what a body may be. */
export const ENTRIES_MAX = 64;
/** Of a key, a value or a name. */
export const TEXT_CHARACTERS_MAX = 200;

const count = z.int().min(0);
const member = z.string().min(1).max(TEXT_CHARACTERS_MAX);
const text = z.string().max(TEXT_CHARACTERS_MAX);
const entry = z.strictObject({ term: count, key: text, value: text });

export const askSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('vote'), isTrial: z.boolean(), term: count, from: member, length: count, lastTerm: count }),
  z.strictObject({
    kind: z.literal('append'),
    term: count,
    from: member,
    before: count,
    beforeTerm: count,
    entries: z.array(entry).max(ENTRIES_MAX),
    committed: count,
  }),
]);

/** Who gives the vote, in which term; or, in a trial, who would. */
export interface VoteAsk {
  readonly kind: 'vote';
  /** Nothing is promised: it is only asked whether the vote would be given. */
  readonly isTrial: boolean;
  readonly term: number;
  readonly from: string;
  readonly length: number;
  readonly lastTerm: number;
}

/** The word of who leads: entries from `before` on, or none, to say that it is still there. */
export interface AppendAsk {
  readonly kind: 'append';
  readonly term: number;
  readonly from: string;
  readonly before: number;
  readonly beforeTerm: number;
  readonly entries: Log;
  readonly committed: number;
}

export type Ask = VoteAsk | AppendAsk;

export const replySchema = z.strictObject({ term: count, isGranted: z.boolean(), length: count });

export interface Reply {
  /** The newest that it knows of. */
  readonly term: number;
  /** The vote is given, or the entries are taken. */
  readonly isGranted: boolean;
  /** Of its log, so that a leader that said too much knows where to begin. */
  readonly length: number;
}
