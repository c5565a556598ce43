/** Asks what crossed the wire in the last seconds: the share of answers, or how long they took. No traffic is no answer. */
import { z } from 'zod';
import { duration, formatMs } from '../../core/units.js';
import { type Exchange, isSuccess } from '../../journal/observations.js';
import { defineProbe } from './probe.js';

const target = z.strictObject({
  from: z.string().optional().meta({ description: 'calling service or instance; `load` is the load generator; any caller if omitted' }),
  to: z.string().meta({ description: 'called service or instance' }),
});

const criteria = z.enum(['>=', '<=', '>', '<', '==', '!=']);
const tolerance = z.union([
  z.strictObject({
    metric: z.enum(['successRate', 'errorRate']).meta({ description: 'per cent of the requests' }),
    criteria,
    value: z.number().min(0).max(100),
  }),
  z.strictObject({
    metric: z.enum(['p50', 'p90', 'p99']).meta({ description: 'time until the answer was whole' }),
    criteria,
    value: duration(),
  }),
  z.strictObject({ metric: z.literal('rate').meta({ description: 'requests per second' }), criteria, value: z.number().min(0) }),
]);
type Tolerance = z.output<typeof tolerance>;

const QUANTILE = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

function measure(metric: Tolerance['metric'], exchanges: readonly Exchange[], windowMs: number): number {
  switch (metric) {
    case 'successRate':
      return (100 * exchanges.filter(isSuccess).length) / exchanges.length;
    case 'errorRate':
      return 100 - (100 * exchanges.filter(isSuccess).length) / exchanges.length;
    case 'rate':
      return exchanges.length / (windowMs / 1000);
    default: {
      const sorted = exchanges.map((e) => e.endMs - e.startMs).sort((a, b) => a - b);
      return sorted[Math.ceil(QUANTILE[metric] * sorted.length) - 1] ?? Number.NaN;
    }
  }
}

export function compare(value: number, how: z.output<typeof criteria>, limit: number): boolean {
  switch (how) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '<':
      return value < limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

function show(metric: Tolerance['metric'], value: number): string {
  if (metric in QUANTILE) return formatMs(value);
  return metric === 'rate' ? `${value.toFixed(1)}/s` : `${value.toFixed(2)} %`;
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
  expectation: ({ target, tolerance: t }) =>
    `${t.metric} ${t.criteria} ${show(t.metric, t.value)} on ${target.from ?? '*'} -> ${target.to}`,
  run: async ({ target, window: windowMs, tolerance: t }, ports) => {
    const exchanges = ports.recent(target, windowMs);
    if (exchanges.length === 0 && t.metric !== 'rate') {
      return { met: null, value: null, detail: `no request ended in the last ${formatMs(windowMs)}` };
    }
    const value = measure(t.metric, exchanges, windowMs);
    return {
      met: compare(value, t.criteria, t.value),
      value,
      detail: `${t.metric} ${show(t.metric, value)} over ${exchanges.length} requests in ${formatMs(windowMs)}`,
    };
  },
});
