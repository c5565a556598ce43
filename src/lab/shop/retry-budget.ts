/** A budget of retries: each call earns a share of one, each retry spends one. Pure of time: what counts is the traffic. */

export interface RetryBudget {
  /** A call begins. */
  earn(): void;
  /** True if one more retry is allowed; it is spent then. */
  spend(): boolean;
}

/** What may be saved up, in retries: enough for a host that fails at once, and no storm. */
const SAVED_MAX = 20;

/** `ratio`: retries for each call, 0…1. Begins half full, so that a caller that has just started can try again. */
export function createRetryBudget(ratio: number): RetryBudget {
  let saved = SAVED_MAX / 2;
  return {
    earn: () => {
      saved = Math.min(SAVED_MAX, saved + ratio);
    },
    spend: () => {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
