/**
 * Does a sick dependency leave the requests alone that do not need it? They must be shown to do as well as before, within a margin: a
 * difference that was not seen in few requests proves nothing.
 */
import { z } from 'zod';
import { percentage } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import { defineCheck, type Judgement } from '../check.js';
import { isNoWorse, shareDifference } from '../inference/equivalence.js';
import { ascending, type Interval, quantile, quantileInterval } from '../inference/statistics.js';
import { foreseeMargin } from '../rules/opportunity-foresight.js';
import { atMost, inconclusive, type Rule, settle } from '../rules/rule.js';
import { formatShare } from '../rules/share.js';
import { judgeScopes, type Scope, scopeShape } from '../rules/traffic-scope.js';

const { from, to, route } = scopeShape;
const schema = z.strictObject({
  from,
  to,
  route: route.describe('the requests that must not suffer: those that do not need what the fault hits; all if omitted'),
  during: z.string().meta({ description: 'the fault step' }),
  margin: percentage().default(1).meta({ description: 'so many points fewer may succeed than in the baseline' }),
  p95RatioMax: z.number().min(1).optional().meta({ description: 'the slowest 5 % may take so many times as long as in the baseline' }),
  minDemand: z.int().min(1).default(200).meta({ description: 'requests without which it is not judged, before and during' }),
});
type Params = z.output<typeof schema>;

export const bulkhead = defineCheck({
  name: 'bulkhead',
  summary: 'Demands that requests which do not need a sick dependency do as well as before, within a margin.',
  schema,
  example: { from: 'load', to: 'gateway', route: 'stock', during: 'payments-down', margin: 1, p95RatioMax: 1.5 },
  foresee: ({ margin, ...params }, outlook) => foreseeMargin({ ...params, margin: margin / 100 }, outlook),
  evaluate: (params, record) => judgeScopes(params, { record, requestsMin: params.minDemand, judge: (scope) => judge(params, scope) }),
});

function judge(params: Params, { subject, requests, baseline, evidence }: Scope): Judgement {
  if (baseline.length < params.minDemand) {
    return inconclusive(
      `${subject}: only ${baseline.length} requests in the baseline; ${params.minDemand} are needed to compare`,
      evidence,
    );
  }
  const rules = [successes(params, { requests, baseline })];
  if (params.p95RatioMax !== undefined) rules.push(slowest(params.p95RatioMax, { requests, baseline }));
  return settle(rules, {
    subject,
    evidence: [...evidence, ...requests.filter((e) => !isSuccess(e)).map((e) => e.n)],
    alternatives: [
      'too few requests to see a difference: ruled out where it passes, the whole interval lies inside the margin',
      'harm by another way (shared processor, pool or database, or these requests need the dependency after all): looks the same from outside',
    ],
  });
}

interface Arms {
  requests: ExchangeList;
  baseline: ExchangeList;
}

function successes({ margin }: Params, { requests, baseline }: Arms): Rule {
  const share = (part: ExchangeList) => ({ hits: part.filter(isSuccess).length, samples: part.length });
  const [before, during] = [share(baseline), share(requests)];
  const interval = shareDifference(before, during);
  const met = isNoWorse(interval, margin / 100);
  const value = during.hits / during.samples - before.hits / before.samples;
  const doubt = met === null ? `, and ${interval.map(formatShare).join(' to ')} remain possible` : '';
  const says = `${formatShare(during.hits / during.samples)} succeeded, ${formatShare(before.hits / before.samples)} in the baseline${doubt} (promised: at most ${margin} points fewer)`;
  return { name: 'change of success', value, unit: 'ratio', interval, samples: requests.length, limit: `>= -${margin} %`, met, says };
}

/** Of whole answers alone: quick errors would hide slow ones. */
function slowest(max: number, { requests, baseline }: Arms): Rule {
  const tookMs = (part: ExchangeList) => ascending(part.filter(isSuccess).map((e) => e.endMs - e.startMs));
  const [before, during] = [tookMs(baseline), tookMs(requests)];
  const [low1, high1] = quantileInterval(before, 0.95);
  const [low2, high2] = quantileInterval(during, 0.95);
  const interval: Interval = [low2 / high1, high2 / low1];
  const value = quantile(during, 0.95) / quantile(before, 0.95);
  const says = `the slowest 5 % took ${value.toFixed(2)} times as long as in the baseline (promised: <= ${max}; ${interval.map((x) => x.toFixed(2)).join(' to ')} possible)`;
  return {
    name: 'p95 over baseline',
    value,
    unit: '',
    interval,
    samples: during.length,
    limit: `<= ${max}`,
    met: atMost(interval, max),
    says,
  };
}
