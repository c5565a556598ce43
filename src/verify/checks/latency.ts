/**
 * Were answers quick enough? An error is no quick answer: one that came sooner than the limit is left out, so that a system that fails fast
 * does not look fast, and one that came later counts, as does a request that never got a whole answer: that one is slower than any limit.
 */
import { z } from 'zod';
import { duration, formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, RecordedSum } from '../../journal/record.js';
import { isComplete, isGood, mergedTook } from '../../journal/traffic-sum.js';
import { defineCheck, type Judgement } from '../check.js';
import { ascending, quantile, quantileInterval } from '../inference/statistics.js';
import { countsOf, Timings } from '../inference/timings.js';
import { atMost, inconclusive, settle } from '../rules/rule.js';
import { foreseeSlow } from '../rules/traffic-foresight.js';
import { isOneTime, judgeScopes, NO_TIMES, NOT_BOTH, type Scope, scopeShape } from '../rules/traffic-scope.js';

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
/** Requests without which not even the median says anything. */
const REQUESTS_MIN = 20;

const schema = z
  .strictObject({
    ...scopeShape,
    metric: z.enum(['p50', 'p90', 'p95', 'p99']).meta({ description: 'which quantile of the time until the answer was whole' }),
    max: duration().optional().meta({ description: 'at most so long' }),
    toBaselineRatio: z.number().min(1).optional().meta({ description: 'at most so many times what it was before any fault' }),
  })
  .refine(isOneTime, NOT_BOTH)
  .refine(({ max, toBaselineRatio }) => (max === undefined) !== (toBaselineRatio === undefined), {
    error: 'expected a limit: either `max` or `toBaselineRatio`',
  });
type Params = z.output<typeof schema>;

export const latency = defineCheck({
  name: 'latency',
  summary: 'Demands that answers are quick enough while a fault is on, after it, or all along.',
  schema,
  example: { from: 'load', to: 'gateway', during: 'one-host-goes-gray', metric: 'p99', max: '500ms' },
  foresee: (params, outlook) => foreseeSlow({ ...params, slowMax: 1 - QUANTILES[params.metric], maxMs: params.max }, outlook),
  evaluate: (params, record) => {
    if (record.plan.log?.hasTimes === false) return inconclusive(NO_TIMES);
    return judgeScopes(params, {
      record,
      requestsMin: REQUESTS_MIN,
      needs: 'sums',
      judge: (scope) => judge(params, scope, limitOf(params, scope.baseline)),
    });
  },
});

/** Undefined where there is no baseline to take it from. */
function limitOf({ max, metric, toBaselineRatio = 1 }: Params, baseline: ExchangeList): number | undefined {
  if (max !== undefined) return max;
  const tookMs = ascending(baseline.filter(isSuccess).map(tookMsOf));
  return tookMs.length < REQUESTS_MIN ? undefined : toBaselineRatio * quantile(tookMs, QUANTILES[metric]);
}

function judge({ metric, toBaselineRatio }: Params, scope: Scope, limitMs: number | undefined): Judgement {
  const { subject, requests, evidence } = scope;
  if (limitMs === undefined) return inconclusive(`${subject}: there is no baseline of ${REQUESTS_MIN} answers to compare with`, evidence);
  const counted = requests.filter((e) => isSuccess(e) || e.end !== 'complete' || tookMsOf(e) > limitMs);
  const singleMs = counted.map((e) => (e.end === 'complete' ? tookMsOf(e) : Number.POSITIVE_INFINITY));
  const tookMs = timingsOf(singleMs, scope.sums, limitMs);
  const all = requests.length + scope.sums.reduce((total, sum) => total + sum.count, 0);
  const leftOut = all - tookMs.length;
  if (tookMs.length < REQUESTS_MIN) {
    return inconclusive(`${subject}: ${leftOut} of ${all} requests failed at once, and only ${tookMs.length} tell a time`, evidence);
  }
  const value = quantile(tookMs, QUANTILES[metric]);
  const interval = quantileInterval(tookMs, QUANTILES[metric]);
  const limit = `<= ${formatMs(limitMs)}${toBaselineRatio === undefined ? '' : ` (${toBaselineRatio} × the baseline)`}`;
  const met = atMost(interval, limitMs);
  const shown = Number.isFinite(value) ? formatMs(value) : 'longer than anybody waited';
  const doubt = met === null ? `, but ${tookMs.length} requests leave ${showInterval(interval)} possible` : '';
  const says = `${metric} was ${shown}${doubt} (promised: ${limit})`;
  const slow = counted.filter((e) => e.end !== 'complete' || tookMsOf(e) > limitMs).map((e) => e.n);
  const rule = {
    name: metric,
    value: finite(value),
    unit: 'ms' as const,
    ...(Number.isFinite(interval[1]) && { interval }),
    samples: tookMs.length,
    limit,
    met,
    says,
  };
  return settle([rule], {
    subject,
    facts: [{ name: 'errors that came sooner, left out', value: leftOut, unit: 'requests', samples: all }],
    evidence: [...evidence, ...(met === true ? [] : slow)],
    alternatives: ['a stall of the machine that runs the load looks the same; its requests count from when they were due'],
  });
}

/** Beside those kept one by one, those of the sums, counted by the same rule. */
function timingsOf(singleMs: readonly number[], sums: readonly RecordedSum[], limitMs: number): Timings {
  const good = mergedTook(sums.filter(isGood));
  const answered = countsOf(mergedTook(sums.filter((sum) => isComplete(sum) && !isGood(sum))));
  const lateErrors = answered.filter(({ value }) => value > limitMs);
  const cut = sums.reduce((total, sum) => total + (isComplete(sum) ? 0 : sum.count), 0);
  return new Timings(singleMs, [...countsOf(good), ...lateErrors, { value: Number.POSITIVE_INFINITY, count: cut }]);
}

function tookMsOf({ startMs, endMs }: RecordedExchange): number {
  return endMs - startMs;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function showInterval([low, high]: readonly [number, number]): string {
  return Number.isFinite(high) ? `${formatMs(low)} to ${formatMs(high)}` : `${formatMs(low)} and anything above`;
}
