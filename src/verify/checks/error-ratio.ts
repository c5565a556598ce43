/** Did few enough requests fail? Server errors, answers that were not whole, and requests nobody answered are failures; 4xx are answers. */
import { z } from 'zod';
import { percentage } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import { defineCheck, type Judgement } from '../check.js';
import { dispersion, wilson } from '../inference/statistics.js';
import { atMost, settle } from '../rules/rule.js';
import { burstsOf, formatShare } from '../rules/share.js';
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
  evaluate: (params, record) =>
    judgeScopes(params, { record, requestsMin: params.minDemand, judge: (scope) => judge(scope, params.max / 100) }),
});

function judge({ subject, requests, window, evidence }: Scope, max: number): Judgement {
  const failed = requests.filter((e) => !isSuccess(e));
  const interval = wilson(failed.length, requests.length);
  const limit = `<= ${formatShare(max)}`;
  const met = max >= 1 ? true : atMost(interval, max);
  const share = failed.length / requests.length;
  const doubt = met === null ? `, and ${requests.length} requests leave ${interval.map(formatShare).join(' to ')} possible` : '';
  const says = `${failed.length} of ${requests.length} requests failed, ${formatShare(share)}${doubt} (promised: ${limit})`;
  const bursts = dispersion(perSecond(requests, window, (e) => !isSuccess(e)));
  const rule = { name: 'failed', value: share, unit: 'ratio' as const, interval, samples: requests.length, limit, met, says };
  return settle([rule], {
    subject,
    facts: [{ name: 'failures in bursts, variance over chance', value: bursts, unit: '' }],
    evidence: [...evidence, ...failed.map((e) => e.n)],
    alternatives: burstsOf(bursts),
  });
}
