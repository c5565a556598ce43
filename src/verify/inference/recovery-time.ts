/**
 * From when on a figure stayed good. Windows slide over the traffic; it has recovered from the first window on after which none is bad.
 * One good moment between bad ones is no recovery.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import type { Interval } from './statistics.js';
import { within } from './traffic.js';

/** Windows start this often: the resolution of the answer. */
export const STEP_MS = 250;

export interface Sliding {
  /** In order of start. */
  requests: ExchangeList;
  fromMs: number;
  toMs: number;
  windowMs: number;
  /** The figure of one window. */
  measure: (part: ExchangeList) => number;
  isGood: (value: number) => boolean;
}

export type RecoveryTime =
  | { kind: 'recovered'; afterMs: Interval; value: number; lastBad?: ExchangeList }
  | { kind: 'notYet'; afterMs: Interval; value: number; lastBad: ExchangeList }
  /** `requests` in the emptiest window, or in all that was seen where `seenMs` is shorter than one window. */
  | { kind: 'scarce'; requests: number; seenMs: number };

export function recoveryTime({ requests, fromMs, toMs, windowMs, measure, isGood }: Sliding, requestsMin: number): RecoveryTime {
  let scarcest = Number.POSITIVE_INFINITY;
  let lastBad: ExchangeList | undefined;
  let good: { fromMs: number; value: number } | undefined;
  let value = Number.NaN;
  let lastMs = fromMs;
  for (let startMs = fromMs; startMs + windowMs <= toMs; startMs += STEP_MS) {
    const part = within(requests, { fromMs: startMs, toMs: startMs + windowMs });
    scarcest = Math.min(scarcest, part.length);
    value = measure(part);
    lastMs = startMs;
    if (isGood(value)) good ??= { fromMs: startMs, value };
    else {
      good = undefined;
      lastBad = part;
    }
  }
  if (scarcest < requestsMin || scarcest === Number.POSITIVE_INFINITY) {
    const seen = Math.min(scarcest, within(requests, { fromMs, toMs: Math.max(fromMs, toMs) }).length);
    return { kind: 'scarce', requests: seen, seenMs: Math.max(0, toMs - fromMs) };
  }
  if (good === undefined) {
    return { kind: 'notYet', afterMs: [lastMs - fromMs, Number.POSITIVE_INFINITY], value, lastBad: lastBad ?? [] };
  }
  const sinceMs = good.fromMs - fromMs;
  return { kind: 'recovered', afterMs: [Math.max(0, sinceMs - STEP_MS), sinceMs], value: good.value, ...(lastBad && { lastBad }) };
}
