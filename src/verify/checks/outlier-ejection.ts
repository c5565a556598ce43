/**
 * Was the bad instance taken out of rotation in time, was no healthy one, and did it come back? Judged for every caller instance by itself,
 * because ejection is each caller's own view; callers that share one simply agree.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import type { FaultWindow, RunRecord, Window } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { requestsAndDials } from '../inference/cut-dials.js';
import { ejectionHistories, pauseIn } from '../inference/ejection.js';
import { scoreInstance } from '../inference/ejection-score.js';
import { baselineOf, instancesOf, unseenFrom, within } from '../inference/traffic.js';
import {
  declarationOf,
  declaredShape,
  ejectionPromises,
  filledIn,
  fromEnds,
  saidOrDeclared,
  streamOf,
} from '../rules/declared-promises.js';
import { foreseeEjection } from '../rules/defence-foresight.js';
import {
  type EjectionScene,
  ejectionAlternatives,
  ejectionEvidence,
  ejectionFacts,
  ejectionLanes,
  ejectionObstacle,
  ejectionRules,
} from '../rules/ejection-rules.js';
import { faultOfStep } from '../rules/fault-of-step.js';
import { combine, inconclusive, settle } from '../rules/rule.js';

const shape = z.strictObject({
  ...declaredShape,
  from: declaredShape.from.describe('the service that balances and ejects, or `load`'),
  to: declaredShape.to.describe('the service whose instances are judged'),
  during: z.string().meta({ description: 'the fault step during which ejection is due' }),
  expect: z.array(z.string()).min(1).optional().meta({ description: 'instances that must be ejected; those the fault acts on if omitted' }),
  detectWithin: duration().optional().meta({ description: 'longest time from the start of the fault to the ejection' }),
  falsePositives: z.int().min(0).default(0).meta({ description: 'ejections of instances without a fault that are forgiven' }),
  minDemandPerHost: z.int().min(1).default(30).meta({
    description: 'requests that each instance must have had in the baseline, and would have had during the fault at its usual share',
  }),
  returnsWithin: duration().optional().meta({ description: 'longest time from the end of the fault until it is back in use' }),
});
const schema = shape.refine(...fromEnds).refine(...saidOrDeclared('detectWithin'));
type Params = z.output<typeof schema> & { from: string; to: string; detectWithin: number };

export const outlierEjection = defineCheck({
  name: 'outlierEjection',
  summary: 'Demands that a faulty instance is taken out of rotation in time, that no healthy one is, and that it comes back.',
  schema,
  example: { from: 'gateway', to: 'inventory', during: 'one-host-goes-gray', detectWithin: '6s', returnsWithin: '15s' },
  foresee: foreseeEjection,
  evaluate: (given, record) => {
    const found = faultOfStep(record, given.during);
    if (found.kind === 'unusable') return inconclusive(found.reason, found.evidence);
    const declaration = declarationOf(given, record);
    if (declaration.kind === 'unknown') return inconclusive(declaration.reason, found.fault.evidence);
    const { from, to, models } = declaration;
    const unseen = unseenFrom(record, from);
    if (unseen !== undefined) return inconclusive(unseen, found.fault.evidence);
    const baseline = baselineOf(record);
    if (baseline === undefined) return inconclusive('there is no finished baseline to take the usual shares from', found.fault.evidence);
    const { fault } = found;
    const all = instancesOf(record, to).length;
    const stream = streamOf(record, { from, to, fault, baseline });
    const scene = { ...stream, perSecond: stream.perSecond / all, instances: all, bad: fault.planned.instances.length };
    const { limits, ruledOut = '' } = ejectionPromises(models.ejection, scene);
    const { detectWithin, ...said } = filledIn(given, limits);
    if (detectWithin === undefined) return inconclusive(ruledOut, fault.evidence);
    const params: Params = { ...said, detectWithin, from, to };
    const readmission = models.ejection?.readmission;
    const rampMs = readmission?.kind === 'ramp' ? readmission.lengthMs : 0;
    return combine(instancesOf(record, from).map((caller) => judgeCaller(caller, { params, record, fault, baseline, rampMs })));
  },
});

interface Given {
  params: Params;
  record: RunRecord;
  fault: FaultWindow;
  baseline: Window;
  /** A slow start that is declared. */
  rampMs: number;
}

function judgeCaller(caller: string, { params, record, fault, baseline, rampMs }: Given): Judgement {
  const instances = instancesOf(record, params.to);
  const requests = requestsAndDials(record, { from: [caller], to: instances, fault });
  const histories = ejectionHistories({ requests, instances, baseline, rampMs });
  const expected = params.expect?.map((name) => name.split('/').at(-1) ?? name) ?? fault.planned.instances;
  const scene: EjectionScene = {
    limits: params,
    record,
    fault,
    caller,
    histories,
    scores: histories
      .filter((h) => expected.includes(h.instance))
      .map((h) => scoreInstance(h, { fault, requests, dueMs: fault.fromMs + params.detectWithin, rampMs })),
    demand: within(requests, fault).length,
    pauseMs: pauseIn(requests, { baseline, window: { fromMs: fault.fromMs, toMs: fault.toMs + (params.returnsWithin ?? 0) } }),
    lastRequestMs: requests.at(-1)?.startMs ?? Number.NEGATIVE_INFINITY,
  };
  const obstacle = ejectionObstacle(scene);
  if (obstacle !== undefined) return inconclusive(obstacle, fault.evidence);
  return settle(ejectionRules(scene), {
    facts: ejectionFacts(scene),
    evidence: ejectionEvidence(scene),
    alternatives: ejectionAlternatives(scene),
    lanes: ejectionLanes(scene),
  });
}
