/** Asks what crossed the wire in the last seconds: the share of answers, or how long they took. No traffic is no answer. */
import { z } from 'zod';
import { duration, formatMs } from '../../core/units.js';
import { type Exchange, isSuccess } from '../../journal/observations.js';
import { compare, criteria } from './criteria.js';
import { defineProbe, type ProbeOutcome } from './probe.js';

const target = z.strictObject({
  from: z.string().optional().meta({ description: 'calling service or instance; `load` is the load generator; any caller if omitted' }),
  to: z.string().meta({ description: 'called service or instance' }),
});

const shares = ['successRate', 'errorRate', 'checkRate'] as const;
const times = ['p50', 'p90', 'p99'] as const;
type Metric = (typeof shares)[number] | (typeof times)[number];

const baselineRatio = z.strictObject({
  baselineRatio: z
    .strictObject({ metric: z.enum(['errorRate', ...times]), max: z.number().positive() })
    .meta({ description: 'at most so many times what it was in the baseline' }),
});
const tolerance = z.union([
  z.strictObject({
    metric: z
      .enum(shares)
      .meta({ description: 'per cent of the requests; checkRate: of those with an `expect`, that were answered as expected' }),
    criteria,
    value: z.number().min(0).max(100),
  }),
  z.strictObject({
    metric: z.enum(times).meta({ description: 'time until the answer was whole' }),
    criteria,
    value: duration(),
  }),
  z.strictObject({ metric: z.literal('rate').meta({ description: 'requests per second' }), criteria, value: z.number().min(0) }),
  baselineRatio,
]);
type Tolerance = z.output<typeof tolerance>;

const QUANTILE = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

function measure(metric: Metric | 'rate', exchanges: readonly Exchange[], windowMs: number): number {
  switch (metric) {
    case 'successRate':
      return (100 * exchanges.filter(isSuccess).length) / exchanges.length;
    case 'errorRate':
      return 100 - (100 * exchanges.filter(isSuccess).length) / exchanges.length;
    case 'checkRate':
      return (100 * exchanges.filter(({ expectation }) => expectation === 'met').length) / exchanges.length;
    case 'rate':
      return exchanges.length / (windowMs / 1000);
    default: {
      const sorted = exchanges.map((e) => e.endMs - e.startMs).sort((a, b) => a - b);
      return sorted[Math.ceil(QUANTILE[metric] * sorted.length) - 1] ?? Number.NaN;
    }
  }
}

function show(metric: Metric | 'rate', value: number): string {
  if (metric in QUANTILE) return formatMs(value);
  return metric === 'rate' ? `${value.toFixed(1)}/s` : `${value.toFixed(2)} %`;
}

function words(t: Tolerance): string {
  if ('baselineRatio' in t) return `${t.baselineRatio.metric} <= ${t.baselineRatio.max} times the baseline`;
  return `${t.metric} ${t.criteria} ${show(t.metric, t.value)}`;
}

interface Beside {
  exchanges: readonly Exchange[];
  baseline: readonly Exchange[];
  windowMs: number;
}

/** A baseline of nothing is a bound of nothing: errors where there were none are beyond any number of times. */
function besideBaseline(
  { metric, max }: z.output<typeof baselineRatio>['baselineRatio'],
  { exchanges, baseline, windowMs }: Beside,
): ProbeOutcome {
  if (baseline.length === 0) return { met: null, value: null, detail: 'there is no baseline to compare with' };
  const [usual, value] = [measure(metric, baseline, windowMs), measure(metric, exchanges, windowMs)];
  const detail = `${metric} ${show(metric, value)} over ${exchanges.length} requests, ${show(metric, usual)} in the baseline`;
  return { met: value <= max * usual, value, detail };
}

export const wire = defineProbe({
  name: 'wire',
  summary: 'Judges the requests that crossed the links, or that the load generator sent, in the last seconds.',
  seesLinks: true,
  schema: z.strictObject({
    target: target.meta({ description: 'whose requests' }),
    window: duration({ minMs: 100, maxMs: 60_000 }).default(5_000).meta({ description: 'how far back to look, at most 60s' }),
    tolerance: tolerance.meta({ description: 'what must hold' }),
  }),
  example: { target: { from: 'load', to: 'gateway' }, tolerance: { metric: 'successRate', criteria: '>=', value: 99 } },
  expectation: ({ target, tolerance: t }) => `${words(t)} on ${target.from ?? '*'} -> ${target.to}`,
  run: async ({ target, window: windowMs, tolerance: t }, ports) => {
    const ended = ports.recent(target, windowMs);
    const isOfChecks = 'metric' in t && t.metric === 'checkRate';
    const exchanges = isOfChecks ? ended.filter(({ expectation }) => expectation !== undefined) : ended;
    if (exchanges.length === 0 && !('metric' in t && t.metric === 'rate')) {
      return {
        met: null,
        value: null,
        detail: `no request${isOfChecks ? ' with an expectation' : ''} ended in the last ${formatMs(windowMs)}`,
      };
    }
    if ('baselineRatio' in t) return besideBaseline(t.baselineRatio, { exchanges, baseline: ports.baseline(target), windowMs });
    const value = measure(t.metric, exchanges, windowMs);
    return {
      met: compare(value, t.criteria, t.value),
      value,
      detail: `${t.metric} ${show(t.metric, value)} over ${exchanges.length} requests in ${formatMs(windowMs)}`,
    };
  },
});
