/**
 * Does a service that gets more than it can do go on doing what it can, and turn the rest away soon? Judged only where there was more: a
 * service that did all that was asked of it has shown nothing of what it sheds.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import type { RecordedExchange, RunRecord } from '../../journal/record.js';
import { type Correlation, defineCheck, type Judgement } from '../check.js';
import { demandFor } from '../inference/demand.js';
import { binsOf, classesOf, kneeOf, LEVELS_MIN, LOOK_MS_MIN, levelsOf } from '../inference/goodput.js';
import { baselineOf } from '../inference/traffic.js';
import { foreseeTooShort } from '../rules/opportunity-foresight.js';
import { inconclusive, settle } from '../rules/rule.js';
import { type SheddingScene, sheddingFacts, sheddingRules } from '../rules/shedding-rules.js';
import { isOneTime, judgeScopes, NOT_BOTH, type Scope, scopeShape } from '../rules/traffic-scope.js';

const schema = z
  .strictObject({
    ...scopeShape,
    slo: duration().meta({ description: 'answers later than this are no good to anybody' }),
    goodputKept: percentage().default(90).meta({ description: 'good answers at the highest load, in per cent of those at best' }),
    acceptedP95: duration().optional().meta({ description: 'for 95 per cent of what was not turned away, answered or not' }),
    rejectsWithin: duration().optional().meta({ description: 'how soon whoever is turned away must know' }),
    statuses: z.array(z.int().min(400).max(599)).min(1).default([429, 503]).meta({ description: 'answers that turn away' }),
    fairness: z
      .strictObject({
        max: percentage().meta({ description: 'points between the route that is shed most and the one that is shed least' }),
      })
      .optional()
      .meta({ description: 'whether routes are shed alike' }),
    notSentTo: z.string().optional().meta({ description: 'a dependency that must not hear of what is turned away' }),
    minDemand: z.int().min(100).default(500).meta({ description: 'requests without which it is not judged' }),
  })
  .refine(isOneTime, NOT_BOTH);
type Params = z.output<typeof schema>;

export const loadShedding = defineCheck({
  name: 'loadShedding',
  summary: 'Demands that a service under too much load goes on doing what it can, in time, and turns the rest away soon and fairly.',
  schema,
  example: { to: 'gateway', slo: '500ms', goodputKept: 90, rejectsWithin: '50ms', during: 'half-the-capacity' },
  foresee: ({ during }, outlook) => {
    const neededMs = LOOK_MS_MIN - outlook.baselineMs;
    return foreseeTooShort({ during, neededMs, sees: 'where goodput stops following the load, beside the baseline' }, outlook);
  },
  evaluate: (params, record) =>
    judgeScopes(params, { record, requestsMin: params.minDemand, judge: (scope) => judge(params, scope, record) }),
});

function judge(params: Params, { subject, requests, window, baseline, evidence }: Scope, record: RunRecord): Judgement {
  const classes = classesOf({ sloMs: params.slo, statuses: params.statuses });
  const calm = baselineOf(record);
  // The baseline is a level as well: what it can do when nothing is wrong.
  const calmBins = calm === undefined || calm.fromMs >= window.fromMs ? [] : binsOf(baseline, calm, classes);
  const levels = levelsOf([...calmBins, ...binsOf(requests, window, classes)]);
  if (levels.length < LEVELS_MIN) {
    return inconclusive(`${subject}: ${levels.length} levels of load are too few to find a knee; it takes ${LEVELS_MIN}`, evidence);
  }
  const knee = kneeOf(levels);
  if (knee === undefined) {
    const most = levels.at(-1)?.offeredPerSecond ?? 0;
    return inconclusive(`${subject}: there never was too much, all of up to ${most.toFixed(1)}/s was done well`, evidence);
  }
  const { attemptsOfRejected, correlation } = sentOn(params, { requests, record, isRejected: classes.isRejected });
  const isEarly = params.notSentTo !== undefined;
  const scene: SheddingScene = { limits: params, requests, classes, levels, knee, attemptsOfRejected, isEarly };
  const rejected = requests.filter(classes.isRejected);
  const slow = requests.filter((request) => !classes.isGood(request) && !classes.isRejected(request));
  return settle(sheddingRules(scene), {
    subject,
    facts: sheddingFacts(scene),
    evidence: [...evidence, ...slow.slice(0, 4).map((e) => e.n), ...rejected.slice(0, 4).map((e) => e.n)],
    ...(correlation && { correlation }),
    alternatives: [
      'a load generator at its own limit: ruled out as far as it says, a request counts from when it was due, and what was not sent has failed',
      'more replicas coming up meanwhile: looks like a plateau that moves, and is seen in the levels',
      `retries of callers above: they would raise what is offered; ${params.from === 'load' ? 'the load repeats nothing' : 'not ruled out'}`,
    ],
  });
}

interface Given {
  requests: Scope['requests'];
  record: RunRecord;
  isRejected: (request: RecordedExchange) => boolean;
}

/** How many of those that were turned away had led to an attempt on the dependency all the same. */
function sentOn(
  { to, notSentTo }: Params,
  { requests, record, isRejected }: Given,
): { attemptsOfRejected: number | undefined; correlation?: Correlation } {
  const baseline = baselineOf(record);
  if (notSentTo === undefined || baseline === undefined) return { attemptsOfRejected: undefined };
  const view = demandFor(record, { caller: { service: to }, callee: notSentTo, baseline });
  if (view.kind !== 'joined') return { attemptsOfRejected: undefined, ...(view.kind === 'counted' && { correlation: 'C0' }) };
  const rejected = new Set(requests.filter(isRejected).map((e) => e.n));
  const sent = view.requests.filter(({ n, attempts }) => rejected.has(n) && attempts.length > 0);
  return { attemptsOfRejected: sent.length, correlation: view.correlation };
}
