/**
 * What a member of the quorum is, and what may be asked of it without changing it. Pure; time comes in as `nowMs`. What a reader gets wrong: to be
 * the leader and to lead are two things, for a leader that a majority has not confirmed lately is one that may have been replaced.
 */
import { majorityOf } from '../majority.js';
import type { Log } from './log.js';

/** Between two words of a leader. */
export const BEAT_MS = 200;
/** Without the word of a majority for so long a leader leads no more. Shorter than the shortest election timeout. */
export const LEASE_MS = 1_800;
export const ELECTION_MS_MIN = 2_500;
const ELECTION_MS_SPREAD = 1_500;
/** A candidate that nobody elected tries again after this, and up to as long again. */
export const CANDIDACY_MS = 700;
/** There is no compaction: what would come after these is refused. */
export const LOG_ENTRIES_MAX = 20_000;

/** Each defence can be taken away. */
export interface Rules {
  /** Who wants to be elected asks first whether it would be, and disturbs nobody if not. */
  readonly preVote: boolean;
  /** A leader leads for as long as a majority has confirmed it, and nobody is elected meanwhile. */
  readonly leaseCheck: boolean;
  /** Words of an older term are refused. */
  readonly fencing: boolean;
  /** Elections and writes need more than half of all; without it each decides alone. */
  readonly majority: boolean;
}

/** When something happens to a member, and its luck. */
export interface Moment {
  readonly nowMs: number;
  /** In [0, 1). */
  readonly draw: number;
}

/** How far a leader knows a follower to be. */
export interface Progress {
  /** Entries that are sent next begin here. */
  readonly next: number;
  /** Entries that it surely has. */
  readonly matched: number;
  /** When the newest word was said that it has confirmed. */
  readonly confirmedMs: number;
  /** A word to it is not answered yet; there is one at a time. */
  readonly isAsked: boolean;
}

export type Role =
  | { readonly kind: 'follower'; readonly leader?: string }
  | { readonly kind: 'candidate'; readonly isTrial: boolean; readonly term: number; readonly votes: ReadonlySet<string> }
  | { readonly kind: 'leader'; readonly sinceMs: number; readonly beatAtMs: number; readonly followers: ReadonlyMap<string, Progress> };

export interface Member {
  readonly name: string;
  readonly peers: readonly string[];
  readonly rules: Rules;
  readonly term: number;
  /** Who has its vote in this term. */
  readonly votedFor: string | undefined;
  readonly log: Log;
  /** So many entries from the start are decided, as far as it knows. */
  readonly committed: number;
  readonly role: Role;
  /** When it wants to be elected, if it hears of no leader before. */
  readonly electionAtMs: number;
  /** Until then it trusts the leader that it heard. */
  readonly trustsUntilMs: number;
}

/** `draw`: in [0, 1), so that not all want to be elected at once. */
export function newMember(given: Pick<Member, 'name' | 'peers' | 'rules'>, nowMs: number, draw: number): Member {
  return {
    ...given,
    term: 0,
    votedFor: undefined,
    log: [],
    committed: 0,
    role: { kind: 'follower' },
    electionAtMs: nowMs + CANDIDACY_MS + ELECTION_MS_SPREAD * draw,
    trustsUntilMs: nowMs,
  };
}

export function electionTime(nowMs: number, draw: number): number {
  return nowMs + ELECTION_MS_MIN + ELECTION_MS_SPREAD * draw;
}

/** So many have to agree, itself included. */
export function neededOf({ peers, rules }: Member): number {
  return rules.majority ? majorityOf(peers.length + 1) : 1;
}

/** At that time the leader surely was the leader: enough have followed a word that it said then. */
export function confirmedMs(member: Member, nowMs: number): number {
  if (member.role.kind !== 'leader') return Number.NEGATIVE_INFINITY;
  const others = neededOf(member) - 1;
  if (others === 0) return nowMs;
  const newestFirst = [...member.role.followers.values()].map((follower) => follower.confirmedMs).sort((a, b) => b - a);
  return newestFirst[others - 1] ?? Number.NEGATIVE_INFINITY;
}

/** Whether it may answer as the leader. */
export function leads(member: Member, nowMs: number): boolean {
  if (member.role.kind !== 'leader') return false;
  return !member.rules.leaseCheck || nowMs < confirmedMs(member, nowMs) + LEASE_MS;
}

/** It leads, or has lately heard of who does. */
export function isLed(member: Member, nowMs: number): boolean {
  return leads(member, nowMs) || nowMs < member.trustsUntilMs;
}

/** An entry of its own term is decided, so nothing older can be missing in what it tells. */
export function isCaughtUp({ role, log, committed, term }: Member): boolean {
  return role.kind === 'leader' && log[committed - 1]?.term === term;
}

/** Back among the others; the newer term, if it is one, has its vote to give. */
export function follow(member: Member, term: number, leader?: string): Member {
  const isNewer = term > member.term;
  return {
    ...member,
    term: Math.max(term, member.term),
    votedFor: isNewer ? undefined : member.votedFor,
    role: { kind: 'follower', ...(leader !== undefined && { leader }) },
  };
}
