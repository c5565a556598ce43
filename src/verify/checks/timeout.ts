/**
 * Does a caller give up in time what is not answered, and does it tell the callee? Judged by attempts that had to wait; a caller whose every
 * request was answered at once has shown no patience and no lack of it.
 */
import { z } from 'zod';
import { duration, formatMs } from '../../core/units.js';
import type { RunRecord, Window } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { type DemandView, demandFor } from '../inference/demand.js';
import { largest } from '../inference/statistics.js';
import { baselineOf, within } from '../inference/traffic.js';
import { patienceOf, type Wait, waitAlone, waitsOf } from '../inference/waits.js';
import { foreseeWaits } from '../rules/caller-foresight.js';
import { declarationOf, declaredShape, filledIn, fromEnds, timeoutPromises } from '../rules/declared-promises.js';
import { combine, inconclusive, settle } from '../rules/rule.js';
import { testedWaits, timeoutAlternatives, timeoutFacts, timeoutRules, type WaitScene } from '../rules/timeout-rules.js';
import { type Stretch, stretchesOf } from '../rules/traffic-scope.js';

const schema = z
  .strictObject({
    ...declaredShape,
    from: declaredShape.from.describe('the service that waits'),
    to: declaredShape.to.describe('the service that it waits for'),
    during: z.union([z.string(), z.array(z.string()).min(1)]).meta({ description: 'fault steps that make it wait, each judged by itself' }),
    perAttempt: duration().optional().meta({ description: 'longest wait for one attempt, from its start to the end of its answer' }),
    idle: duration().optional().meta({ description: 'longest wait for the first byte of an answer' }),
    total: duration().optional().meta({ description: 'longest time for a request of the load with all its attempts and waits' }),
    atLeast: duration().optional().meta({ description: 'nothing may be given up sooner' }),
    cancels: z.boolean().optional().meta({ description: 'whether it must end the connection or stream of what it gives up' }),
    inversionsMax: z.int().min(0).optional().meta({ description: 'attempts that may run on after whoever asked for them is gone' }),
    tolerance: duration().default(100).meta({ description: 'what a busy machine may add to a wait' }),
    minWaited: z.int().min(5).default(20).meta({ description: 'attempts that had to wait, without which it is not judged' }),
  })
  .refine(...fromEnds)
  .refine(
    ({ policy, preset, perAttempt, idle, total, atLeast, cancels, inversionsMax }) =>
      [policy, preset, perAttempt, idle, total, atLeast, cancels, inversionsMax].some((promise) => promise !== undefined),
    {
      error:
        'expected a promise: perAttempt, idle, total, atLeast, cancels or inversionsMax, or a policy or preset that declares a timeout',
    },
  );
type Params = z.output<typeof schema> & { from: string; to: string };

export const timeout = defineCheck({
  name: 'timeout',
  summary: 'Demands that a caller gives up in time what is not answered, tells the callee so, and works for nobody who has left.',
  schema,
  example: { from: 'gateway', to: 'payments', during: 'payments-hang', perAttempt: '800ms', cancels: true },
  foresee: foreseeWaits,
  evaluate: (given, record) => {
    const declaration = declarationOf(given, record);
    if (declaration.kind === 'unknown') return inconclusive(declaration.reason);
    const { from, to, models } = declaration;
    const isFrontHop = record.plan.load?.service === from;
    const params: Params = {
      ...filledIn(given, models.timeout === undefined ? {} : timeoutPromises(models.timeout, isFrontHop)),
      from,
      to,
    };
    const baseline = baselineOf(record);
    if (baseline === undefined) return inconclusive('there is no finished baseline to calibrate demand by');
    const view = demandFor(record, { caller: { service: params.from }, callee: params.to, baseline });
    if (view.kind === 'none') return inconclusive(view.reason);
    const judged = stretchesOf(params, record).map((stretch) => judge(params, { view, stretch, record }));
    return combine(judged.map((judgement) => ({ ...judgement, correlation: view.correlation })));
  },
});

interface Given {
  view: Exclude<DemandView, { kind: 'none' }>;
  stretch: Stretch;
  record: RunRecord;
}

function judge(params: Params, { view, stretch, record }: Given): Judgement {
  if (stretch.kind === 'unusable') return inconclusive(stretch.reason, stretch.evidence);
  const waits = waitsIn(view, stretch.window);
  const isJoined = view.kind === 'joined';
  const isFrontHop = record.plan.load?.service === params.from;
  const scene: WaitScene = { limits: params, waits, patience: patienceOf(waits), isJoined, isFrontHop };
  const tested = testedWaits(scene);
  const subject = `${params.from} -> ${params.to} ${stretch.when}`;
  if (tested.length < params.minWaited) {
    const longest = waits.reduce((most, wait) => Math.max(most, wait.waitedMs), 0);
    const seen = `${tested.length} of ${waits.length} attempts had to wait, the longest ${formatMs(longest)}`;
    return inconclusive(`${subject}: ${seen}; ${params.minWaited} are needed to judge`, stretch.evidence);
  }
  const longest = largest(tested, 4, ({ waitedMs }) => waitedMs);
  const left = waits.filter(({ end }) => end === 'abandoned' || end === 'orphaned').slice(0, 2);
  return settle(timeoutRules(scene), {
    subject,
    facts: timeoutFacts(scene),
    evidence: [...stretch.evidence, ...[...left, ...longest].flatMap(({ attempt, demand }) => [attempt.n, ...(demand ? [demand.n] : [])])],
    alternatives: timeoutAlternatives(scene),
  });
}

/** For the attempts that began in the window, in order of start. */
function waitsIn(view: Given['view'], window: Window): readonly Wait[] {
  if (view.kind === 'counted') return within(view.attempts, window).map(waitAlone);
  const starting = view
    .attemptedIn(window)
    .flatMap(waitsOf)
    .map((wait) => ({ startMs: wait.attempt.startMs, wait }))
    .sort((a, b) => a.startMs - b.startMs);
  return within(starting, window).map(({ wait }) => wait);
}
