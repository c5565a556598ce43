/**
 * Was a service-level objective kept, and was the error budget not burnt too fast at any time? A request is good when it succeeded and, if
 * `within` is given, in time. The share is an estimate with an interval; the burn rate is what an alert would have read, to the figure.
 */
import { z } from 'zod';
import { duration, formatMs } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, RecordedSum } from '../../journal/record.js';
import { isGood, mergedTook } from '../../journal/traffic-sum.js';
import { defineCheck, type Judgement } from '../check.js';
import { type Burn, worstBurn } from '../inference/burn-rate.js';
import { dispersion, wilson } from '../inference/statistics.js';
import { Tallies } from '../inference/tallies.js';
import { countsOf } from '../inference/timings.js';
import { atMost, inconclusive, type Rule, settle } from '../rules/rule.js';
import { burstsOf, formatShare } from '../rules/share.js';
import { foreseeBad } from '../rules/traffic-foresight.js';
import { isOneTime, judgeScopes, NO_TIMES, NOT_BOTH, perSecond, type Scope, scopeShape } from '../rules/traffic-scope.js';

const schema = z
  .strictObject({
    ...scopeShape,
    objective: z.number().gt(0).lt(100).meta({ description: 'per cent of the requests that must be good' }),
    within: duration().optional().meta({ description: 'a good request is answered in this time as well' }),
    burnRate: z
      .strictObject({
        max: z.number().gt(0).meta({ description: 'how many times faster than the objective allows the budget may be used up' }),
        window: duration({ minMs: 1_000 }).default(5_000).meta({ description: 'length of the windows over which it is taken' }),
      })
      .optional()
      .meta({ description: 'limit for the worst window, as a burn-rate alert has it' }),
    minDemand: z
      .int()
      .min(1)
      .default(50)
      .meta({ description: 'requests without which it is not judged, in any window of the burn rate either' }),
  })
  .refine(isOneTime, NOT_BOTH);
type Params = z.output<typeof schema>;

export const slo = defineCheck({
  name: 'slo',
  summary: 'Demands that enough requests are good, by success and time, and that the error budget is not burnt too fast.',
  schema,
  example: { from: 'load', to: 'gateway', objective: 99, within: '300ms', burnRate: { max: 20, window: '5s' } },
  foresee: (params, outlook) => foreseeBad({ ...params, badMax: 1 - params.objective / 100, goodWithinMs: params.within }, outlook),
  evaluate: (params, record) => {
    if (params.within !== undefined && record.plan.log?.hasTimes === false) return inconclusive(NO_TIMES);
    return judgeScopes(params, { record, requestsMin: params.minDemand, needs: 'sums', judge: (scope) => judge(params, scope) });
  },
});

function judge(params: Params, scope: Scope): Judgement {
  const { subject, requests, window, evidence } = scope;
  const isBad = (e: RecordedExchange): boolean => !isSuccess(e) || (params.within !== undefined && e.endMs - e.startMs > params.within);
  const tallies = new Tallies(scope, { isHit: isBad, hitsIn: (sum) => (isGood(sum) ? lateIn(sum, params.within) : sum.count) });
  const { hits: bad, samples: all } = tallies.total;
  const budget = 1 - params.objective / 100;
  const rules = [objectiveRule(params, { bad, all, budget })];
  if (params.burnRate !== undefined) {
    const burn = worstBurn(tallies, { window, lengthMs: params.burnRate.window, budget });
    rules.push(burnRule(params.burnRate, burn, params.minDemand));
  }
  return settle(rules, {
    subject,
    facts: [{ name: 'error budget used', value: bad / all / budget, unit: 'ratio' }],
    evidence: [...evidence, ...requests.filter(isBad).map((e) => e.n)],
    alternatives: burstsOf(dispersion(perSecond(tallies, window))),
  });
}

/** Of an answer that cannot be told from one in time, we say that it was. */
function lateIn(sum: RecordedSum, withinMs: number | undefined): number {
  if (withinMs === undefined) return 0;
  return countsOf(mergedTook([sum])).reduce((late, { value, count }) => late + (value > withinMs ? count : 0), 0);
}

function objectiveRule({ objective, within }: Params, { bad, all, budget }: { bad: number; all: number; budget: number }): Rule {
  const good = wilson(all - bad, all);
  const met = atMost(wilson(bad, all), budget);
  const limit = `>= ${objective} %`;
  const what = within === undefined ? 'good' : `good, answered within ${formatMs(within)}`;
  const doubt = met === null ? `, and ${all} requests leave ${good.map(formatShare).join(' to ')} possible` : '';
  const says = `${formatShare(1 - bad / all)} of ${all} requests were ${what}${doubt} (promised: ${limit})`;
  return { name: 'good', value: 1 - bad / all, unit: 'ratio', interval: good, samples: all, limit, met, says };
}

function burnRule({ max, window }: NonNullable<Params['burnRate']>, burn: Burn, minDemand: number): Rule {
  const limit = `<= ${max} over ${formatMs(window)}`;
  const name = 'worst burn rate';
  if (burn.kind === 'tooShort') {
    return {
      name,
      value: null,
      limit,
      met: null,
      says: `the time is shorter than one window of ${formatMs(window)}, so no burn rate was taken`,
    };
  }
  const { rate, scarcest } = burn;
  const says = `the budget was burnt at up to ${rate.toFixed(1)} times the allowed rate (promised: ${limit})`;
  if (scarcest < minDemand) {
    const few = `a window of ${formatMs(window)} has only ${scarcest} requests, ${minDemand} are needed for a burn rate`;
    return { name, value: rate, samples: scarcest, limit, met: null, says: few };
  }
  return { name, value: rate, samples: scarcest, limit, met: rate <= max, says };
}
