/** How fast an error budget is used up at the worst: the share of bad requests in a sliding window, over the share that may be bad. */
import type { Window } from '../../journal/record.js';
import type { Tallies } from './tallies.js';

/** Windows start this many times within the length of one. */
const STEPS_PER_WINDOW = 10;

export type Burn =
  /** `scarcest`: requests in the emptiest window. */
  { kind: 'seen'; rate: number; scarcest: number } | { kind: 'tooShort' };

interface BurnScan {
  window: Window;
  lengthMs: number;
  /** Share of the requests that may be bad. */
  budget: number;
}

/** Hits are the bad ones. */
export function worstBurn(tallies: Tallies, { window, lengthMs, budget }: BurnScan): Burn {
  if (window.toMs - window.fromMs < lengthMs) return { kind: 'tooShort' };
  let rate = 0;
  let scarcest = Number.POSITIVE_INFINITY;
  for (let fromMs = window.fromMs; fromMs + lengthMs <= window.toMs; fromMs += lengthMs / STEPS_PER_WINDOW) {
    const { hits, samples } = tallies.totalIn({ fromMs, toMs: fromMs + lengthMs });
    scarcest = Math.min(scarcest, samples);
    if (samples > 0) rate = Math.max(rate, hits / samples / budget);
  }
  return { kind: 'seen', rate, scarcest };
}
