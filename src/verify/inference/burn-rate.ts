/** How fast an error budget is used up at the worst: the share of bad requests in a sliding window, over the share that may be bad. */
import type { RecordedExchange, Window } from '../../journal/record.js';
import { within } from './traffic.js';

/** Windows start this many times within the length of one. */
const STEPS_PER_WINDOW = 10;

export type Burn =
  /** `scarcest`: requests in the emptiest window. */
  { kind: 'seen'; rate: number; scarcest: number } | { kind: 'tooShort' };

interface BurnScan {
  window: Window;
  lengthMs: number;
  isBad: (request: RecordedExchange) => boolean;
  /** Share of the requests that may be bad. */
  budget: number;
}

/** `requests` in order of start. */
export function worstBurn(requests: readonly RecordedExchange[], { window, lengthMs, isBad, budget }: BurnScan): Burn {
  if (window.toMs - window.fromMs < lengthMs) return { kind: 'tooShort' };
  let rate = 0;
  let scarcest = Number.POSITIVE_INFINITY;
  for (let fromMs = window.fromMs; fromMs + lengthMs <= window.toMs; fromMs += lengthMs / STEPS_PER_WINDOW) {
    const part = within(requests, { fromMs, toMs: fromMs + lengthMs });
    scarcest = Math.min(scarcest, part.length);
    if (part.length > 0) rate = Math.max(rate, part.filter(isBad).length / part.length / budget);
  }
  return { kind: 'seen', rate, scarcest };
}
