/** Did few enough requests fail? Server errors, answers that were not whole, and requests nobody answered are failures; 4xx are answers. */
import { z } from 'zod';
import { percentage } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange } from '../../journal/record.js';
import { isGood } from '../../journal/traffic-sum.js';
import { defineCheck, type Judgement } from '../check.js';
import { dispersion, wilson } from '../inference/statistics.js';
import { Tallies } from '../inference/tallies.js';
import { atMost, settle } from '../rules/rule.js';
import { burstsOf, formatShare } from '../rules/share.js';
import { foreseeBad } from '../rules/traffic-foresight.js';
import { isOneTime, judgeScopes, NOT_BOTH, perSecond, type Scope, scopeShape } from '../rules/traffic-scope.js';

const schema = z
  .strictObject({
    ...scopeShape,
    max: percentage().meta({ description: 'at most so many per cent of the requests may fail' }),
    minDemand: z.int().min(1).default(50).meta({ description: 'requests without which it is not judged' }),
  })
  .refine(isOneTime, NOT_BOTH);

export const errorRatio = defineCheck({
  name: 'errorRatio',
  summary: 'Demands that few enough requests fail while a fault is on, after it, or all along.',
  schema,
  example: { from: 'load', to: 'gateway', during: 'one-host-goes-gray', max: 5 },
  foresee: (params, outlook) => foreseeBad({ ...params, badMax: params.max / 100 }, outlook),
  evaluate: (params, record) =>
    judgeScopes(params, { record, requestsMin: params.minDemand, needs: 'sums', judge: (scope) => judge(scope, params.max / 100) }),
});

function judge(scope: Scope, max: number): Judgement {
  const { subject, requests, window, evidence } = scope;
  const isFailed = (e: RecordedExchange): boolean => !isSuccess(e);
  const tallies = new Tallies(scope, { isHit: isFailed, hitsIn: (sum) => (isGood(sum) ? 0 : sum.count) });
  const { hits: failed, samples } = tallies.total;
  const interval = wilson(failed, samples);
  const limit = `<= ${formatShare(max)}`;
  const met = max >= 1 ? true : atMost(interval, max);
  const share = failed / samples;
  const doubt = met === null ? `, and ${samples} requests leave ${interval.map(formatShare).join(' to ')} possible` : '';
  const says = `${failed} of ${samples} requests failed, ${formatShare(share)}${doubt} (promised: ${limit})`;
  const bursts = dispersion(perSecond(tallies, window));
  const rule = { name: 'failed', value: share, unit: 'ratio' as const, interval, samples, limit, met, says };
  return settle([rule], {
    subject,
    facts: [{ name: 'failures in bursts, variance over chance', value: bursts, unit: '' }],
    evidence: [...evidence, ...requests.filter(isFailed).map((e) => e.n)],
    alternatives: burstsOf(bursts),
  });
}
