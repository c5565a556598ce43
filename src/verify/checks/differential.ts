/**
 * Gray failure: callers see an instance sick while its health checks call it well. Each caller, instance and route is judged by itself, beside
 * the health checks that crossed a link; it ends when either side changes its mind, and when the instance is no longer used.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, RunRecord, Window } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { type Cell, cellsOf, disagreementOf, reportedSick } from '../inference/sickness.js';
import { dataExchanges, instancesOf, isFaulted, probeExchanges, unseenFrom, within } from '../inference/traffic.js';
import { agreement, deciding, observerMatrix, otherObservers } from '../rules/differential-rules.js';
import { faultOfStep } from '../rules/fault-of-step.js';
import { endsBefore } from '../rules/limits-ahead.js';
import { foreseeUnasked } from '../rules/opportunity-foresight.js';
import { inconclusive, settle } from '../rules/rule.js';

const schema = z.strictObject({
  from: z.string().meta({ description: 'the callers: a service or one instance' }),
  to: z.string().meta({ description: 'the called service, or one instance of it' }),
  during: z.string().meta({ description: 'the fault step' }),
  maxDisagreement: duration().meta({
    description: 'longest time at a stretch that a caller may see an instance sick that its health checks call well',
  }),
  sickFrom: percentage().default(10).meta({ description: 'failed per cent from which a caller sees an instance sick' }),
  slowFrom: duration({ minMs: 1 }).optional().meta({ description: 'an answer that takes longer counts as failed' }),
  minHarmed: z.int().min(1).default(5).meta({ description: 'requests that the fault must have hit for it to be judged' }),
});
type Params = z.output<typeof schema>;

export const differential = defineCheck({
  name: 'differential',
  summary:
    'Demands that health checks do not call an instance well for long that callers see sick: finds gray failure, by caller and route.',
  schema: schema.refine(({ sickFrom }) => sickFrom > 0 && sickFrom < 100, { error: 'expected `sickFrom` between 0 and 100' }),
  example: { from: 'gateway', to: 'inventory', during: 'one-host-goes-gray', maxDisagreement: '10s' },
  foresee: (params, outlook) => [...foreseeUnasked(params, outlook), ...endsBefore(outlook.during(params.during), params.maxDisagreement)],
  evaluate: (params, record) => {
    const found = faultOfStep(record, params.during);
    if (found.kind === 'unusable') return inconclusive(found.reason, found.evidence);
    const { fault } = found;
    const unseen = unseenFrom(record, params.from);
    if (unseen !== undefined) return inconclusive(unseen, fault.evidence);
    const all = dataExchanges(record, { from: instancesOf(record, params.from), to: instancesOf(record, params.to) });
    const requests = within(all, fault);
    const isBad = (request: RecordedExchange): boolean =>
      !isSuccess(request) || request.endMs - request.startMs > (params.slowFrom ?? Number.POSITIVE_INFINITY);
    const harmed = requests.filter((request) => isBad(request) && isFaulted(request, fault)).length;
    if (harmed < params.minHarmed) {
      const seen = `the fault of step "${params.during}" made ${harmed} of ${requests.length} requests from ${params.from} to ${params.to} fail`;
      return inconclusive(`${seen}; ${params.minHarmed} are needed to judge`, fault.evidence);
    }
    return judge(params, { record, window: fault, cells: cellsOf(requests, isBad), evidence: fault.evidence });
  },
});

interface Given {
  record: RunRecord;
  window: Window;
  cells: readonly Cell[];
  evidence: readonly number[];
}

function judge(params: Params, { record, window, cells, evidence }: Given): Judgement {
  const checksOf = new Map(cells.map(({ instance }) => [instance, probeExchanges(record, instance, window)]));
  const disagreements = cells
    .map((cell) => disagreementOf(cell, reportedSick(checksOf.get(cell.instance) ?? []), params.sickFrom / 100))
    .sort((a, b) => b.lengthMs - a.lengthMs || b.interval[1] - a.interval[1]);
  const worst = deciding(disagreements, params.maxDisagreement);
  if (worst === undefined) return inconclusive('nobody was called', evidence);
  const unchecked = disagreements.find(({ cell, interval }) => interval[1] > 0 && (checksOf.get(cell.instance)?.length ?? 0) === 0);
  if (unchecked !== undefined && worst.interval[1] > params.maxDisagreement) {
    const { caller, instance, bad } = unchecked.cell;
    return inconclusive(
      `${caller} saw ${bad.length} failures of ${instance}, but none of its health checks crossed a link of ours`,
      evidence,
    );
  }
  const checks = checksOf.get(worst.cell.instance) ?? [];
  return settle([agreement(worst, { checks, maxMs: params.maxDisagreement })], {
    facts: observerMatrix(disagreements, checksOf),
    evidence: [...evidence, ...worst.cell.bad.slice(0, 6).map((e) => e.n), ...checks.slice(-2).map((e) => e.n)],
    alternatives: otherObservers(worst, disagreements),
  });
}
