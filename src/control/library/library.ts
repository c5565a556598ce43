/** What a daemon needs to tell of runs and experiments; without it `/v1/history` and `/v1/plans` are not there. Whoever opens it ends it, the starter first. */
import type { Clerk } from './clerk.js';
import type { RunStarter } from './run-starter.js';

export interface Library {
  clerk: Clerk;
  /** Left out: the page may look at plans, and start none. */
  starter: RunStarter | undefined;
}
