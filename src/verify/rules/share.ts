/** Shares of requests: in words, held against what is tolerated, and with the doubt that remains when failures come in bursts. */
import { wilson } from '../inference/statistics.js';

/** From here on failures are called bursts: independent ones vary so much in about one run of a thousand. */
const BURSTS_FROM = 3;

/** `4.80 %` */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** What the interval of a share does not tell, given how far its hits are from independent. */
export function burstsOf(dispersion: number): string[] {
  if (dispersion < BURSTS_FROM) return [];
  return [
    `the interval takes requests as independent; they failed in bursts (${dispersion.toFixed(0)} times the variance of chance), so another run may differ by more`,
  ];
}

/** Machines stall, and a few of many requests are hit by that and by nothing else: so large a share of exceptions breaks no promise. */
const EXCEPTIONS_TOLERATED = 0.02;

/** Whether exceptions are as rare as a machine's own hiccups; `null` where so few samples do not say. */
export function isRare(exceptions: number, samples: number): boolean | null {
  if (exceptions <= EXCEPTIONS_TOLERATED * samples) return true;
  return wilson(exceptions, samples)[0] > EXCEPTIONS_TOLERATED ? false : null;
}
