/**
 * What a check is told of a run that has not been: its plan, and for each fault step who will meet it and what they will live through. What a
 * reader gets wrong: figures are of requests that each need a dependency once, so they bound what will be, and the wire has the last word.
 */
import type { RecordedFault, RecordedPlan } from '../journal/events.js';

/** `cannotFail`: by one of its promises. `cannotJudge`: it will be inconclusive. `expect`: how it will go. */
export interface Foresight {
  kind: 'cannotPass' | 'cannotFail' | 'cannotJudge' | 'expect';
  says: string;
}

/** One fault step. */
export interface Prospect {
  step: string;
  fault: RecordedFault;
  durationMs: number;
  /** How long traffic is seen after its end: until another fault comes to its links, or to any, or the run ends. */
  followedMs: { onItsLinks: number; everywhere: number };
  /** Of the load, while it is on; undefined where the load goes by the answers. */
  requestsPerSecond: number | undefined;
  /** What a request that is hit lives through: it fails at once (`isUnheard`: the callee never has it), or waits (Infinity: as long as the fault). Undefined: not sure. */
  harm: { kind: 'fails'; isUnheard?: true } | { kind: 'waits'; forMs: number } | undefined;
  /** Of those that come by, 0…1. */
  share: number;
  /** Fewer are hit than `share` says, for the fault picks among them or comes and goes. */
  isAtMost: boolean;
  /** Other faults are on at the same time: whatever happens may be their doing. */
  isAlone: boolean;
}

export interface Outlook {
  plan: RecordedPlan;
  /** Without any fault, before the first. */
  baselineMs: number;
  /** Undefined: no fault step of that name. */
  during(step: string): Prospect | undefined;
  /** What will be noted of all that one service, or the load, asks another; undefined where nothing of it is recorded. */
  noted(from: string, to: string): Noted | undefined;
}

/** Names of headers, in small letters. */
export interface Noted {
  headers: readonly string[];
  answerHeaders: readonly string[];
}
