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
  /** Of the load, while it is on. */
  requestsPerSecond: number;
  /** What a request that is hit lives through: it fails at once (0), or waits (Infinity: as long as the fault). */
  harm: { kind: 'fails' } | { kind: 'waits'; forMs: number };
  /** Of those that come by, 0…1. */
  share: number;
  /** Fewer are hit than `share` says, for the fault picks among them or comes and goes. */
  isAtMost: boolean;
  /** Other faults are on at the same time: whatever happens may be their doing. */
  isAlone: boolean;
}

export interface Outlook {
  plan: RecordedPlan;
  /** Undefined: no fault step of that name, a load that goes by the answers, or a fault whose harm is not sure. */
  during(step: string): Prospect | undefined;
}
