/**
 * Does a service whose dependency takes no more pass that on, or does it take in what it cannot give? A check of its own beside `loadShedding`,
 * because the pressure comes from below: what counts is not what is done but what is held, and how soon those above are told.
 */
import { z } from 'zod';
import { duration, formatMs } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import type { RunRecord, Window } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { heldOver } from '../inference/in-flight.js';
import { largest } from '../inference/statistics.js';
import { baselineOf, dataExchanges, instancesOf, within } from '../inference/traffic.js';
import { backpressureRules } from '../rules/backpressure-rules.js';
import { foreseeTooShort } from '../rules/opportunity-foresight.js';
import { inconclusive, settle } from '../rules/rule.js';
import { judgeScopes, type Scope, scopeShape } from '../rules/traffic-scope.js';

/** A dependency that gives more than this part of what it gave before has not stopped taking. */
const TAKEN_MAX = 0.5;
/** Times the time allowed, without which a fault is too short to show that what is held has stopped growing. */
const LENGTH_MIN = 2;

const schema = z.strictObject({
  from: scopeShape.from,
  to: scopeShape.to.describe('the service that is to hold back'),
  below: z.string().meta({ description: 'its dependency, which takes no more' }),
  during: z.string().meta({ description: 'the fault step that sees to that' }),
  heldMax: z.int().min(1).optional().meta({ description: 'requests that it may hold at a time' }),
  within: duration({ minMs: 100 })
    .default(3_000)
    .meta({ description: 'by then it must hold back, and from then on tell every caller within as much' }),
  minDemand: z.int().min(20).default(100).meta({ description: 'requests while the fault was on, without which it is not judged' }),
});
type Params = z.output<typeof schema>;

export const backpressure = defineCheck({
  name: 'backpressure',
  summary: 'Demands that a service whose dependency takes no more stops taking in: what it holds is bounded, and its callers are told.',
  schema,
  example: { to: 'gateway', below: 'payments', during: 'payments-stall', heldMax: 200, within: '3s' },
  foresee: ({ during, within: limitMs }, outlook) =>
    foreseeTooShort({ during, neededMs: LENGTH_MIN * limitMs, sees: 'that nothing grows' }, outlook),
  evaluate: (params, record) =>
    judgeScopes(
      { ...params, route: undefined, after: undefined },
      { record, requestsMin: params.minDemand, judge: (scope) => judge(params, scope, record) },
    ),
});

function judge(params: Params, { subject, requests, window, evidence }: Scope, record: RunRecord): Judgement {
  const lengthMs = window.toMs - window.fromMs;
  if (lengthMs < LENGTH_MIN * params.within) {
    const needed = formatMs(LENGTH_MIN * params.within);
    return inconclusive(`${subject}: the fault was on for ${formatMs(lengthMs)}; it takes ${needed} to see that nothing grows`, evidence);
  }
  const taken = takenShare(params, { record, window });
  if (taken === undefined) return inconclusive(`${subject}: what ${params.below} took before the fault is not known`, evidence);
  if (taken > TAKEN_MAX) {
    const says = `${params.below} still took ${(100 * taken).toFixed(0)} % of what it took before, so there was nothing to hold back`;
    return inconclusive(`${subject}: ${says}`, evidence);
  }
  const slowest = largest(requests, 5, ({ startMs, endMs }) => endMs - startMs);
  const refused = requests.filter(({ end, status }) => end === 'connectFailed' || status === 429 || status === 503);
  const held = heldOver(requests, window);
  return settle(backpressureRules({ limits: params, requests, window }), {
    subject,
    facts: [
      { name: `taken by ${params.below}, of before`, value: taken, unit: 'ratio' },
      { name: 'held at the end', value: held.at(-1)?.requests ?? 0, unit: 'requests', samples: requests.length },
      { name: 'turned away', value: refused.length, unit: 'requests', samples: requests.length },
    ],
    evidence: [...evidence, ...slowest.map((e) => e.n), ...refused.slice(0, 3).map((e) => e.n)],
    correlation: 'C0',
    alternatives: [
      `no pressure: ruled out, ${params.below} took ${(100 * taken).toFixed(0)} % of what it took before`,
      'requests that need no dependency: they are counted as well, and are answered at once',
      'memory that grows by other things: no link sees it; what is held is counted in requests, those given up by their callers included',
    ],
  });
}

/** Good answers a second of what is below, over those in the baseline; undefined where there were none. */
function takenShare({ to, below }: Params, { record, window }: { record: RunRecord; window: Window }): number | undefined {
  const calm = baselineOf(record);
  if (calm === undefined || record.plan.linksUnseen !== undefined) return undefined;
  const attempts = dataExchanges(record, { from: instancesOf(record, to), to: instancesOf(record, below) });
  const rate = (part: Window): number =>
    within(attempts, part).filter((e) => isSuccess(e) && e.endMs < part.toMs).length / (part.toMs - part.fromMs);
  return rate(calm) > 0 ? rate(window) / rate(calm) : undefined;
}
