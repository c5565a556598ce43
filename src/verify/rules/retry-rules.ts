/** What is promised of retries, each as a rule: what was seen, what it is held against, and in words. What is not promised is told as a fact. */
import { formatMs } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import type { Measurement } from '../check.js';
import { type RetryEstimates, variationInterval, type Waits } from '../inference/retries.js';
import { type Interval, largest, meanInterval, wilson, Z95, zeroEventBound } from '../inference/statistics.js';
import { atMost, type Rule } from './rule.js';
import { formatShare } from './share.js';

export interface RetryLimits {
  maxAttempts?: number | undefined;
  amplification?: { max: number } | undefined;
  budgetPercent?: number | undefined;
  backoff?: { min: number } | undefined;
  backoffJitter?: { min: number } | undefined;
  minRetried?: number | undefined;
  nonIdempotent: 'forbidden' | 'allowed';
}

/** Calls that came to their last permitted attempt and failed, without which it is not known that no further one follows. */
const EXHAUSTED_MIN = 5;
/** Waits without which nothing is said about them. */
const WAITS_MIN = 20;

/** Timers count whole milliseconds, and may fire so much before their time. */
const EARLY_MS = 1;

/** `isFrontHop`: the load calls this caller directly, so that nobody above it can have repeated the request. */
export function retryRules(limits: RetryLimits, seen: RetryEstimates, isFrontHop: boolean): Rule[] {
  const { maxAttempts, amplification, budgetPercent, backoff, backoffJitter, minRetried } = limits;
  return [
    ...(limits.nonIdempotent === 'forbidden' ? [unsafeRule(seen)] : []),
    ...(maxAttempts === undefined ? [] : [maxAttemptsRule(maxAttempts, seen, isFrontHop)]),
    ...(amplification === undefined ? [] : [amplificationRule(amplification.max, seen)]),
    ...(budgetPercent === undefined ? [] : [budgetRule(budgetPercent / 100, seen)]),
    ...(minRetried === undefined ? [] : [retriedRule(minRetried / 100, seen)]),
    ...(backoff === undefined ? [] : [backoffRule(backoff.min, seen)]),
    ...(backoffJitter === undefined ? [] : [jitterRule(backoffJitter.min, seen)]),
  ];
}

function unsafeRule({ unsafe, calls }: RetryEstimates): Rule {
  const says =
    unsafe.length === 0
      ? 'nothing was repeated that may have been done'
      : `${unsafe.length} requests that are not idempotent were sent again after they had been delivered`;
  return {
    name: 'unsafe retries',
    value: unsafe.length,
    unit: 'requests',
    samples: calls.length,
    limit: '<= 0',
    met: unsafe.length === 0,
    says,
  };
}

function maxAttemptsRule(max: number, { calls, attemptsMax }: RetryEstimates, isFrontHop: boolean): Rule {
  const exhausted = calls.filter(({ attempts }) => attempts.length >= max && attempts.every((attempt) => !isSuccess(attempt))).length;
  const isOver = attemptsMax > max;
  const met = isOver ? (isFrontHop ? false : null) : exhausted >= EXHAUSTED_MIN ? true : null;
  const seen = `up to ${attemptsMax} attempts were made for one call`;
  const why = isOver
    ? ', and callers above this one may have repeated it'
    : `; only ${exhausted} calls failed ${max} times, ${EXHAUSTED_MIN} are needed`;
  const says = `${seen}${met === null ? why : ''} (promised: <= ${max})`;
  return { name: 'attempts for one call', value: attemptsMax, unit: 'count', samples: calls.length, limit: `<= ${max}`, met, says };
}

function amplificationRule(max: number, { calls, attempts }: RetryEstimates): Rule {
  const value = attempts / calls.length;
  const interval = meanInterval(calls.map((call) => call.attempts.length));
  const met = atMost(interval, max);
  const doubt = met === null ? `, ${interval.map((end) => end.toFixed(2)).join(' to ')} by ${calls.length} calls` : '';
  const says = `${value.toFixed(2)} attempts were made per call${doubt} (promised: <= ${max})`;
  return { name: 'attempts per call', value, unit: '', interval, samples: calls.length, limit: `<= ${max}`, met, says };
}

function budgetRule(max: number, { calls, attempts }: RetryEstimates): Rule {
  const value = (attempts - calls.length) / calls.length;
  const half = Z95 * Math.sqrt((value * (1 + value)) / calls.length);
  const interval: Interval = [Math.max(0, value - half), value + half];
  // A budget is spent to its limit and kept exactly: what counts against it is what was seen beyond chance, for it what was seen.
  const met = interval[0] > max ? false : value <= max ? true : null;
  const says = `${attempts - calls.length} retries were made for ${calls.length} calls, ${formatShare(value)} (promised: <= ${formatShare(max)})`;
  return { name: 'retries over calls', value, unit: 'ratio', interval, samples: calls.length, limit: `<= ${formatShare(max)}`, met, says };
}

function retriedRule(min: number, { failedFirst, retried }: RetryEstimates): Rule {
  const interval = wilson(retried.length, failedFirst.length);
  const value = retried.length / failedFirst.length;
  const met = min <= 0 ? true : atMost([-interval[1], -interval[0]], -min);
  const bound = retried.length === 0 ? `, so less than ${formatShare(zeroEventBound(failedFirst.length))} are` : '';
  const says = `${retried.length} of ${failedFirst.length} calls whose first attempt failed were tried again${bound} (promised: >= ${formatShare(min)})`;
  return { name: 'tried again', value, unit: 'ratio', interval, samples: failedFirst.length, limit: `>= ${formatShare(min)}`, met, says };
}

/** A wait of which only the least is known is long enough if that is, and decides nothing if it is not. */
function backoffRule(minMs: number, { waitsMs, untoldWaitsMs }: RetryEstimates): Rule {
  const isEarly = ({ waitMs }: { waitMs: number }): boolean => waitMs < minMs - EARLY_MS;
  const early = waitsMs.filter(isEarly).length;
  const perhaps = untoldWaitsMs.filter(isEarly).length;
  const judged = [...waitsMs, ...untoldWaitsMs.filter((wait) => !isEarly(wait))];
  const value = judged.length === 0 ? null : judged.reduce((least, { waitMs }) => Math.min(least, waitMs), Number.POSITIVE_INFINITY);
  const limit = `>= ${formatMs(minMs)}`;
  const met = early > 0 ? false : perhaps > 0 || judged.length < WAITS_MIN ? null : true;
  const untold = `; of ${perhaps} more that seemed to, the attempt before had been given up sooner than it ended, and the wire was not told when`;
  const few = met === null && judged.length < WAITS_MIN ? `; ${WAITS_MIN} are needed to judge` : '';
  const says = `${early} of ${judged.length} retries came sooner than after ${formatMs(minMs)}${perhaps > 0 ? untold : ''}${few}`;
  return { name: 'shortest wait before a retry', value, unit: 'ms', samples: judged.length, limit, met, says };
}

function jitterRule(min: number, { waits }: RetryEstimates): Rule {
  const first = waits.find((wait) => wait.attempt === 2);
  const name = 'spread of the first wait';
  const limit = `>= ${min}`;
  if (first?.variation === undefined || first.samples < WAITS_MIN) {
    return {
      name,
      value: null,
      limit,
      met: null,
      says: `${first?.samples ?? 0} first retries are too few to tell their spread; ${WAITS_MIN} are needed`,
    };
  }
  const interval = variationInterval(first);
  const met = atMost([-interval[1], -interval[0]], -min);
  const says = `waits before the first retry spread by ${first.variation.toFixed(2)} of their mean, like ${jitterOf(first.variation)} (promised: ${limit})`;
  return { name, value: first.variation, unit: '', interval, samples: first.samples, limit, met, says };
}

/** By the standard deviation over the mean that each law has: 0, 0.115, 0.192, 0.577, 1. The bounds lie half-way. */
export function jitterOf(variation: number): string {
  if (variation < 0.06) return 'a fixed wait without jitter';
  if (variation < 0.15) return 'jitter of a fifth either way';
  if (variation < 0.38) return 'equal jitter';
  return variation < 0.79 ? 'full jitter' : 'a memoryless wait';
}

/** What was not promised, but is worth knowing. */
export function retryFacts({ waits, overlapping, failedFirst, calls }: RetryEstimates, stormAfterMs: number | undefined): Measurement[] {
  return [
    { name: 'calls whose first attempt failed', value: failedFirst.length, unit: 'requests', samples: calls.length },
    ...waits.map(({ attempt, medianMs, minMs, maxMs, samples }): Measurement => {
      return { name: `wait before attempt ${attempt}`, value: medianMs, unit: 'ms', interval: [minMs, maxMs], samples };
    }),
    { name: 'backoff', value: backoffLaw(waits) },
    { name: 'attempts that began while another ran', value: overlapping, unit: 'count' },
    ...(stormAfterMs === undefined ? [] : [{ name: 'more attempts than allowed, from', value: stormAfterMs, unit: 'ms' as const }]),
  ];
}

/** `fixed`, `exponential, 2.0 times each`, `growing to a cap of 400ms`; nothing is said of one wait. */
export function backoffLaw(waits: readonly Waits[]): string | null {
  const known = waits.filter((wait) => wait.samples >= EXHAUSTED_MIN && wait.medianMs > 0);
  const growth = known.slice(1).map((wait, i) => wait.medianMs / (known[i]?.medianMs ?? wait.medianMs));
  const [first] = growth;
  if (first === undefined) return null;
  if (growth.every((factor) => factor < 1.25)) return 'fixed';
  const last = growth.at(-1) ?? first;
  if (growth.length > 1 && first >= 1.25 && last < 1.1) return `growing to a cap of ${formatMs(known.at(-1)?.medianMs ?? 0)}`;
  return `exponential, ${(growth.reduce((product, factor) => product * factor, 1) ** (1 / growth.length)).toFixed(1)} times each`;
}

/** The calls that show it: unsafe ones first, then those with most attempts. */
export function retryEvidence({ unsafe, calls }: RetryEstimates): number[] {
  const tried = calls.filter((call) => call.attempts.length > 1);
  const worst = largest(tried, 2, (call) => call.attempts.length);
  return [...unsafe.slice(0, 2), ...worst].flatMap((call) => call.attempts.slice(0, 4).map((attempt) => attempt.n));
}
