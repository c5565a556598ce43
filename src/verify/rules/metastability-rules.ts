/** What harm is, when it can be judged whether it outlives its cause, and words for what keeps it going. */
import { formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import type { Measurement } from '../check.js';
import type { RecoveryTime } from '../inference/recovery-time.js';
import { quantile } from '../inference/statistics.js';
import type { Loop } from '../inference/sustaining-loops.js';
import { within } from '../inference/traffic.js';

/** What is offered may differ by so much from the baseline for the load to be the same. */
const LOAD_RATIO_MAX = 1.15;

/** `retries of gateway at payments (3.62 attempts per request, 1.00 before)` */
export function loopInWords({ kind, from, to, before, now }: Loop): string {
  switch (kind) {
    case 'retries':
      return `retries of ${from} at ${to} (${now.toFixed(2)} attempts per request, ${before.toFixed(2)} before)`;
    case 'misses':
      return `requests of ${from} that need ${to}, as behind a cold cache (${now.toFixed(2)} of all, ${before.toFixed(2)} before)`;
    case 'queue':
      return `a queue at ${to} (${formatMs(now)} for half of the attempts, ${formatMs(before)} before)`;
    case 'extra attempts':
      return `retries or cache misses of ${from} at ${to}, not told apart without a token (${now.toFixed(2)} attempts per request, ${before.toFixed(2)} before)`;
  }
}

export function loopFacts(loops: readonly Loop[]): Measurement[] {
  return loops.map(({ kind, from, to, before, now }) => ({
    name: `${kind}, ${from} -> ${to}: times as before`,
    value: now / before,
    unit: '',
  }));
}

/** A good answer that is not many times slower than the slow ones used to be. */
export function wellAsIn(calm: ExchangeList, slowerThan: number): (request: RecordedExchange) => boolean {
  const tookMs = calm.map(({ startMs, endMs }) => endMs - startMs).sort((a, b) => a - b);
  const mostMs = slowerThan * quantile(tookMs, 0.99);
  return (request) => isSuccess(request) && request.endMs - request.startMs <= mostMs;
}

export function ratePerMs(requests: ExchangeList, part: Window): number {
  return within(requests, part).length / Math.max(1, part.toMs - part.fromMs);
}

export function metastabilityObstacle({
  during,
  calmRate,
  rate: now,
}: {
  during: RecoveryTime;
  calmRate: number;
  rate: number;
}): string | undefined {
  const wasHarmed = during.kind === 'notYet' || (during.kind === 'recovered' && during.lastBad !== undefined);
  if (!wasHarmed) return 'the fault did no harm that could have stayed';
  const ratio = now / calmRate;
  if (ratio <= LOAD_RATIO_MAX && ratio >= 1 / LOAD_RATIO_MAX) return undefined;
  return `the load was ${ratio.toFixed(2)} times that of the baseline, so it is not known what this one does`;
}
