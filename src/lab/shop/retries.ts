/**
 * Trying again, with restraint or without. With: after a wait with jitter, within a budget that the calls earn. Without: at once, as often as it may.
 * What is tried, and where, is the caller's business.
 */
import { type Clock, sleep } from '../../core/clock.js';
import { drawStream, keyedDraw } from '../../core/random.js';
import { createRetryBudget } from './retry-budget.js';

export interface RetriesOptions {
  /** Whose waits they are: two callers do not wait alike. */
  readonly name: string;
  /** The first one included. */
  readonly attemptsMax: number;
  readonly restraint: boolean;
  readonly clock: Clock;
}

export interface Tried<A> {
  /** One attempt; the first has the number 1. */
  readonly attempt: (number: number) => Promise<A>;
  readonly isFailure: (answer: A) => boolean;
  /** Nobody is left to try it for: nothing is tried again. */
  readonly left?: AbortSignal | undefined;
}

export interface Retries {
  /** The answer of the last attempt. */
  run<A>(tried: Tried<A>): Promise<A>;
}

/** Retries for each call. */
const BUDGET_RATIO = 0.2;
const WAIT_MS_MIN = 50;
const WAIT_MS_SPREAD = 100;

export function createRetries({ name, attemptsMax, restraint, clock }: RetriesOptions): Retries {
  const budget = createRetryBudget(BUDGET_RATIO);
  const draw = drawStream(keyedDraw({ seed: 0, faultId: 'retry-wait' }), name);
  return {
    run: async ({ attempt, isFailure, left }) => {
      budget.earn();
      for (let number = 1; ; number++) {
        const answer = await attempt(number);
        if (!isFailure(answer) || number >= attemptsMax || left?.aborted) return answer;
        if (!restraint) continue;
        if (!budget.spend()) return answer;
        await sleep(clock, WAIT_MS_MIN + draw() * WAIT_MS_SPREAD);
      }
    },
  };
}
