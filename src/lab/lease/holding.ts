/**
 * What a holder may believe of its lock. Pure. The time runs from when it asked, not from when it was answered, and by a clock that may be slower than
 * that of who granted it. What a reader gets wrong: however careful this is, it says nothing about the moment after it was asked.
 */

export interface Holding {
  readonly token: number;
  /** By the holder's own clock. */
  readonly untilMs: number;
}

/** How much the clocks of the two may differ in speed. */
const DRIFT_RATIO = 0.01;

export function holdingOf(granted: { token: number; leaseMs: number; askedMs: number }): Holding {
  const { token, leaseMs, askedMs } = granted;
  return { token, untilMs: askedMs + (leaseMs * (1 - DRIFT_RATIO)) / (1 + DRIFT_RATIO) };
}

export function isHeld(holding: Holding | undefined, nowMs: number): holding is Holding {
  return holding !== undefined && nowMs < holding.untilMs;
}
