/**
 * Did enough requests succeed a second? Offered less than was promised, a system cannot be blamed for delivering less; and a figure over
 * the whole time would hide the second in which nothing came, so the emptiest second is told beside it.
 */
import { z } from 'zod';
import { rate } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import { isGood } from '../../journal/traffic-sum.js';
import { defineCheck, type Judgement } from '../check.js';
import { meanInterval } from '../inference/statistics.js';
import { Tallies } from '../inference/tallies.js';
import { atMost, inconclusive, settle } from '../rules/rule.js';
import { foreseeTooFew } from '../rules/traffic-foresight.js';
import { isOneTime, judgeScopes, NOT_BOTH, perSecond, type Scope, scopeShape } from '../rules/traffic-scope.js';

/** Whole seconds below which a mean has no interval to speak of. */
const SECONDS_MIN = 5;

const schema = z
  .strictObject({
    ...scopeShape,
    min: rate().meta({ description: 'at least so many requests must succeed, on the average of all seconds' }),
  })
  .refine(isOneTime, NOT_BOTH);

export const throughput = defineCheck({
  name: 'throughput',
  summary: 'Demands that enough requests succeed a second while a fault is on, after it, or all along.',
  schema,
  example: { from: 'load', to: 'gateway', during: 'payments-down', min: '120/s' },
  foresee: (params, outlook) => foreseeTooFew({ ...params, minPerSecond: params.min }, outlook),
  evaluate: (params, record) => judgeScopes(params, { record, requestsMin: 1, needs: 'sums', judge: (scope) => judge(scope, params.min) }),
});

function judge(scope: Scope, min: number): Judgement {
  const { subject, requests, window, evidence } = scope;
  const seconds = Math.floor((window.toMs - window.fromMs) / 1_000);
  if (seconds < SECONDS_MIN) return inconclusive(`${subject}: ${seconds} whole seconds are too few to judge a rate by`, evidence);
  const tallies = new Tallies(scope, { isHit: isSuccess, hitsIn: (sum) => (isGood(sum) ? sum.count : 0) });
  const bins = perSecond(tallies, window).slice(0, seconds);
  const offered = bins.reduce((sum, bin) => sum + bin.samples, 0) / seconds;
  const perSecondAnswered = bins.map((bin) => bin.hits);
  const value = perSecondAnswered.reduce((sum, hits) => sum + hits, 0) / seconds;
  const interval = meanInterval(perSecondAnswered);
  const limit = `>= ${show(min)}`;
  const lessIsMet = atMost([-interval[1], -interval[0]], -min);
  // What was not offered cannot be delivered: that says nothing about the system.
  const met = offered < min && lessIsMet !== true ? null : lessIsMet;
  const cause = offered < min ? `, and no more than ${show(offered)} were offered` : ` of ${show(offered)} offered`;
  const doubt = met === null && offered >= min ? `, and ${seconds} seconds leave ${interval.map(show).join(' to ')} possible` : '';
  const says = `${show(value)} succeeded${cause}${doubt} (promised: ${limit})`;
  const failed = requests.filter((e) => !isSuccess(e)).map((e) => e.n);
  return settle([{ name: 'succeeded a second', value, interval, samples: seconds, limit, met, says }], {
    subject,
    facts: [
      { name: 'offered a second', value: offered, samples: seconds },
      {
        name: 'emptiest second',
        value: perSecondAnswered.reduce((least, hits) => Math.min(least, hits)),
        unit: 'requests',
        samples: seconds,
      },
    ],
    evidence: [...evidence, ...(met === true ? [] : failed)],
  });
}

function show(perSecondRate: number): string {
  return `${perSecondRate.toFixed(1)}/s`;
}
