/** How long after a fault's end the traffic was as good as it should be and stayed so, without anybody's help. */
import { z } from 'zod';
import { duration, formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import type { FaultWindow, RunRecord } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { recoveryTime, STEP_MS } from '../inference/recovery-time.js';
import { baselineOf, dataExchanges, instancesOf, unseenFrom, within } from '../inference/traffic.js';
import { faultOfStep, nextFaultMs } from '../rules/fault-of-step.js';
import { leftBefore } from '../rules/limits-ahead.js';
import { BASELINE_MIN, figureOf, limitByBaseline } from '../rules/recovery-figure.js';
import { atMost, inconclusive, settle } from '../rules/rule.js';

const common = {
  after: z.string().meta({ description: 'the fault step after whose end it must recover' }),
  from: z.string().default('load').meta({ description: 'calling service, or `load`' }),
  to: z.string().meta({ description: 'called service' }),
  within: duration().meta({ description: 'longest time from the end of the fault until it has recovered' }),
  window: duration({ minMs: STEP_MS }).default(2_000).meta({ description: 'length of the windows over which the figure is taken' }),
  minDemand: z.int().min(1).default(20).meta({ description: 'requests that a window needs to be judged' }),
};
const schema = z.discriminatedUnion('metric', [
  z.strictObject({
    ...common,
    metric: z.literal('successRate').meta({ description: 'per cent of requests answered without a server error' }),
    value: z.number().min(0).max(100).meta({ description: 'at least so many per cent' }),
  }),
  z
    .strictObject({
      ...common,
      metric: z.enum(['p50', 'p90', 'p99']).meta({ description: 'time until the answer was whole' }),
      value: duration().optional().meta({ description: 'at most so long' }),
      toBaselineRatio: z.number().min(1).optional().meta({ description: 'at most so many times what it was before any fault' }),
    })
    .refine(({ value, toBaselineRatio }) => (value === undefined) !== (toBaselineRatio === undefined), {
      error: 'expected a limit: either `value` or `toBaselineRatio`',
    }),
]);
type Params = z.output<typeof schema>;

export const recovery = defineCheck({
  name: 'recovery',
  summary: 'Demands that the traffic is good again soon after a fault has ended.',
  schema,
  example: { after: 'host-cut-off', from: 'load', to: 'gateway', metric: 'successRate', value: 99, within: '8s' },
  foresee: ({ after, within }, outlook) => leftBefore(outlook.during(after), within, 'everywhere'),
  evaluate: (params, record) => {
    const found = faultOfStep(record, params.after);
    if (found.kind === 'unusable') return inconclusive(found.reason, found.evidence);
    const unseen = unseenFrom(record, params.from);
    if (unseen !== undefined) return inconclusive(unseen, found.fault.evidence);
    const requests = dataExchanges(record, { from: instancesOf(record, params.from), to: instancesOf(record, params.to) });
    return judge(params, { record, fault: found.fault, requests });
  },
});

interface Given {
  record: RunRecord;
  fault: FaultWindow;
  requests: ExchangeList;
}

/** Undefined where there is no baseline to take it from. */
function limitOf(params: Params, { record, requests }: Given): number | undefined {
  if (params.metric === 'successRate' || params.value !== undefined) return params.value;
  const baseline = baselineOf(record);
  return baseline && limitByBaseline(params.metric, params.toBaselineRatio ?? 1, within(requests, baseline));
}

function judge(params: Params, given: Given): Judgement {
  const { record, fault, requests } = given;
  const bound = limitOf(params, given);
  if (bound === undefined) return inconclusive(`there is no baseline of ${BASELINE_MIN} answers to compare with`, fault.evidence);
  const allLinks = record.plan.links.map((link) => link.name);
  const muddledMs = nextFaultMs(record, fault, allLinks);
  const seenToMs = Math.min(requests.at(-1)?.startMs ?? fault.toMs, muddledMs);
  const time = recoveryTime(
    {
      requests,
      fromMs: fault.toMs,
      // One step more than allowed, so that a figure still bad at the limit is seen to be late.
      toMs: Math.min(seenToMs, fault.toMs + params.within + params.window + STEP_MS),
      windowMs: params.window,
      measure: (part) => figureOf(params.metric, part),
      isGood: (value) => (params.metric === 'successRate' ? value >= bound : value <= bound),
    },
    params.minDemand,
  );
  const subject = `${params.metric} of ${params.from} -> ${params.to}`;
  if (time.kind === 'scarce') {
    const seen = `${formatMs(time.seenMs)} of traffic were seen, with ${time.requests} requests in the emptiest window`;
    const needed = `${params.minDemand} requests in every ${formatMs(params.window)} are needed`;
    const why = muddledMs === seenToMs ? ', before another fault or a summary of seconds' : '';
    return inconclusive(`${subject} cannot be judged after "${params.after}": ${seen}${why}; ${needed}`, fault.evidence);
  }
  const limit = `${params.metric === 'successRate' ? '>=' : '<='} ${show(params, bound)} within ${formatMs(params.within)}`;
  const isBack = time.kind === 'recovered';
  const after = formatMs(time.afterMs[isBack ? 1 : 0]);
  const since = time.afterMs[1] === 0 ? `as soon as "${params.after}" had ended` : `from ${after} after the end of "${params.after}" on`;
  const state = isBack
    ? `${show(params, time.value)} ${since}`
    : `still ${show(params, time.value)} ${after} after the end of "${params.after}"`;
  const says = `${subject} was ${state} (promised: ${limit})`;
  const met = atMost(time.afterMs, params.within);
  const value = isBack ? time.afterMs[1] : null;
  return settle([{ name: 'recovered after', value, unit: 'ms', ...(isBack && { interval: time.afterMs }), limit, met, says }], {
    evidence: [...fault.evidence, ...(time.lastBad ?? []).filter((e) => !isSuccess(e)).map((e) => e.n)],
  });
}

function show({ metric }: Params, value: number): string {
  if (metric === 'successRate') return `${value.toFixed(2)} %`;
  return Number.isFinite(value) ? formatMs(value) : 'without a good answer';
}
