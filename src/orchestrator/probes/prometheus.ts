/** Asks a Prometheus server for the value of an expression now. Every series that comes back is judged; none is no answer, and NaN is never met. */
import { z } from 'zod';
import { askUrl } from '../services/ask.js';
import { defineProbe } from './probe.js';
import { figureTolerance, toleranceWords, tolerates } from './tolerance.js';

const QUERY_CHARACTERS_MAX = 4_000;

const sample = z.tuple([z.number(), z.string()]);
/** As its HTTP API answers `/api/v1/query`. */
const answerSchema = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('scalar'), result: sample }),
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: sample })),
  }),
]);
const bodySchema = z.object({ data: answerSchema.optional(), error: z.string().optional() });

export const prometheus = defineProbe({
  name: 'prometheus',
  summary: 'Asks a Prometheus server for an expression and judges every value that comes back.',
  schema: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).meta({ description: 'the server, like http://127.0.0.1:9090' }),
    query: z.string().min(1).max(QUERY_CHARACTERS_MAX).meta({ description: 'PromQL that gives a scalar or an instant vector' }),
    headers: z.record(z.string(), z.string()).default({}).meta({ description: 'sent along, like authorization' }),
    tolerance: figureTolerance().meta({ description: 'a value, {in: [0, 1]} or {range: [0, 0.3]}' }),
  }),
  example: { url: 'http://127.0.0.1:9090', query: 'sum(rate(http_requests_total{status="500"}[30s]))', tolerance: { range: [0, 1] } },
  expectation: ({ query, tolerance }) => `${query} is ${toleranceWords(tolerance)}`,
  run: async ({ url, query, headers, tolerance }, _ports, signal) => {
    const target = `${url.replace(/\/+$/, '')}/api/v1/query?query=${encodeURIComponent(query)}`;
    const { status, text, detail } = await askUrl({ url: target, headers, signal, withText: true });
    const read = status === 0 ? undefined : readBody(text);
    if (read?.data === undefined)
      return { met: false, value: status, detail: read?.error === undefined ? detail : `${detail}: ${read.error}` };
    const { data } = read;
    const series = data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : data.result;
    const values = series.map(({ metric, value: [, written] }) => ({ metric, value: figureOf(written) }));
    const bad = values.filter(({ value }) => !tolerates(tolerance, { figure: value, text: '' }));
    const told = bad[0] ?? values[0];
    if (told === undefined) return { met: null, value: null, detail: `${query} gives no series` };
    const labels = Object.keys(told.metric).length > 0 ? ` for ${JSON.stringify(told.metric)}` : '';
    const others = bad.length > 1 ? ` and ${bad.length - 1} more` : '';
    // A journal is JSON, which has no NaN and no infinity: these are kept as text.
    const value = Number.isFinite(told.value) ? told.value : String(told.value);
    return { met: bad.length === 0, value, detail: `${query} is ${told.value}${labels}${others}` };
  },
});

function readBody(text: string): z.output<typeof bodySchema> | undefined {
  try {
    return bodySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** `1.5`, `NaN`, `+Inf`. */
function figureOf(written: string): number {
  return Number(written.replace('Inf', 'Infinity'));
}
