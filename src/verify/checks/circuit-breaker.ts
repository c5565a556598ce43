/**
 * Did the caller stop calling a dead dependency in time, keep away but for single trials, and come back? Judged for each instance of the
 * caller by itself when the load calls it directly, because a breaker lives in one process; otherwise for the service as a whole.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import type { FaultWindow, RunRecord, Window } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { baselineOf, type Party } from '../inference/traffic.js';
import { breakerLanes } from '../rules/breaker-lanes.js';
import { type BreakerScene, breakerAlternatives, breakerEvidence, breakerFacts, breakerRules } from '../rules/breaker-rules.js';
import { breakerOf, breakerOwners } from '../rules/breaker-scene.js';
import { breakerPromises, declarationOf, declaredShape, filledIn, fromEnds, saidOrDeclared, streamOf } from '../rules/declared-promises.js';
import { foreseeOpening } from '../rules/defence-foresight.js';
import { faultOfStep } from '../rules/fault-of-step.js';
import { combine, inconclusive, settle } from '../rules/rule.js';

const shape = z.strictObject({
  ...declaredShape,
  from: declaredShape.from.describe('the service that has the breaker'),
  to: declaredShape.to.describe('the dependency behind it'),
  during: z.string().meta({ description: 'the fault step during which it must open' }),
  opensWithin: duration().optional().meta({ description: 'longest time from the start of the fault until it is open' }),
  leaksMax: z.int().min(0).optional().meta({ description: 'requests that may cross while it is open, trials not counted' }),
  halfOpenTrials: z
    .strictObject({ max: z.int().min(1).meta({ description: 'requests let through at a time while half-open' }) })
    .optional()
    .meta({ description: 'how it may try whether the dependency is back' }),
  openFor: z
    .strictObject({
      min: duration().optional().meta({ description: 'it may not try sooner' }),
      max: duration().optional().meta({ description: 'it may not wait longer' }),
    })
    .refine(({ min, max }) => min !== undefined || max !== undefined, { error: 'expected min, max or both' })
    .optional()
    .meta({ description: 'how long it stays open before each trial' }),
  closesAfterHealWithin: duration().optional().meta({ description: 'longest time from the end of the fault until it is closed' }),
  minDemand: z.int().min(20).default(40).meta({ description: 'requests that must have needed the dependency while the fault was on' }),
});
const schema = shape.refine(...fromEnds).refine(...saidOrDeclared('opensWithin'));
type Params = z.output<typeof schema> & { from: string; to: string; opensWithin: number };

export const circuitBreaker = defineCheck({
  name: 'circuitBreaker',
  summary: 'Demands that a caller stops calling a failing dependency in time, tries it gently, and returns after it has healed.',
  schema,
  example: { from: 'gateway', to: 'payments', during: 'payments-down', opensWithin: '4s', leaksMax: 1, closesAfterHealWithin: '5s' },
  foresee: foreseeOpening,
  evaluate: (given, record) => {
    const found = faultOfStep(record, given.during);
    if (found.kind === 'unusable') return inconclusive(found.reason, found.evidence);
    const baseline = baselineOf(record);
    if (baseline === undefined) return inconclusive('there is no finished baseline to calibrate demand by', found.fault.evidence);
    const { fault } = found;
    const declaration = declarationOf(given, record);
    if (declaration.kind === 'unknown') return inconclusive(declaration.reason, fault.evidence);
    const { from, to, models } = declaration;
    const { limits, ruledOut = '' } = breakerPromises(models.breaker, streamOf(record, { from, to, fault, baseline }));
    const { opensWithin, ...said } = filledIn(given, limits);
    if (opensWithin === undefined) return inconclusive(ruledOut, fault.evidence);
    const params: Params = { ...said, opensWithin, from, to };
    return combine(breakerOwners(record, from).map((caller) => judgeCaller(caller, { params, record, fault, baseline })));
  },
});

interface Given {
  params: Params;
  record: RunRecord;
  fault: FaultWindow;
  baseline: Window;
}

function judgeCaller(caller: Party, { params, record, fault, baseline }: Given): Judgement {
  const view = breakerOf(caller, { ...params, record, fault, baseline });
  if (view.kind === 'unseen') return inconclusive(view.reason, fault.evidence);
  const scene: BreakerScene = { ...view.scene, limits: params };
  return settle(breakerRules(scene), {
    subject: scene.subject,
    facts: breakerFacts(scene),
    evidence: breakerEvidence(scene),
    correlation: scene.correlation,
    alternatives: breakerAlternatives(scene),
    lanes: breakerLanes(scene),
  });
}
