/** What harm is, when it can be judged whether it outlives its cause, and words for what keeps it going. */
import { formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import type { Measurement } from '../check.js';
import type { RecoveryTime } from '../inference/recovery-time.js';
import { quantile, wilson } from '../inference/statistics.js';
import type { Loop } from '../inference/sustaining-loops.js';
import { within } from '../inference/traffic.js';
import type { Rule } from './rule.js';
import { formatShare } from './share.js';

/** What is offered may differ by so much from the baseline for the load to be the same. */
const LOAD_RATIO_MAX = 1.15;

/** Normal deviation from which on a window is surely bad: chance does it once in thirty thousand, and the time to settle has many windows. */
const SURELY = 4;

type IsWell = (request: RecordedExchange) => boolean;

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
export function wellAsIn(calm: ExchangeList, slowerThan: number): IsWell {
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

/** The most that the share of a window may be: of many windows, some look bad by chance. */
export function atBest(isWell: IsWell): (part: ExchangeList) => number {
  return (part) => wilson(part.filter(isWell).length, part.length, SURELY)[1];
}

/** Harm that is too little for one window to show, and stays: only over all that follows can it be told from chance. */
export function staysWell(rest: ExchangeList, { isWell, least, minDemand }: { isWell: IsWell; least: number; minDemand: number }): Rule {
  const [well, all] = [rest.filter(isWell).length, rest.length];
  const interval = wilson(well, all);
  const limit = `>= ${formatShare(least)}`;
  const isEnough = all >= minDemand;
  const met = !isEnough ? null : well >= least * all ? true : interval[1] < least ? false : null;
  const needed = isEnough ? '' : `; ${minDemand} are needed to judge`;
  const says = `then ${well} of ${all} were answered well${needed} (promised: ${limit})`;
  return {
    name: 'answered well after that',
    value: all === 0 ? null : well / all,
    unit: 'ratio',
    interval,
    samples: all,
    limit,
    met,
    says,
  };
}
