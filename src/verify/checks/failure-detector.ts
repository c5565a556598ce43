/**
 * Would a failure detector have noticed, how soon, and how often was it wrong? It hears what callers heard. Its suspicions are lanes of the timeline, so
 * that two settings can be seen one above the other; it promises nothing about what the system itself did.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import type { FaultWindow, RunRecord, Window } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { detectorChoice } from '../detectors/choice.js';
import { spansOf } from '../detectors/quality.js';
import { suspicionTurns } from '../inference/suspicions.js';
import { instancesOf, unseenFrom } from '../inference/traffic.js';
import { faultOfStep } from '../rules/fault-of-step.js';
import { inconclusive, settle } from '../rules/rule.js';
import { mistaken, noticed, suspicionLane, type Watched } from '../rules/suspicion-rules.js';

/** Answers to requests of before come this much later, and a detector needs some of them to trust again. */
const AFTERMATH_MS = 2_000;

const schema = z.strictObject({
  from: z.string().default('load').meta({ description: 'who listens: a service, all of its instances together, or `load`' }),
  to: z.string().meta({ description: 'the service whose instances are watched' }),
  using: detectorChoice.meta({ description: 'a failure detector and its settings, like {phiAccrual: {threshold: 8}}' }),
  during: z.string().meta({ description: 'the fault step that it is to notice' }),
  expect: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'instances that it must suspect; those that the fault hits if omitted' }),
  within: duration({ minMs: 1 }).meta({ description: 'longest time from the start of the fault until each is suspected' }),
  mistakes: z.int().min(0).default(0).meta({ description: 'suspicions of instances that no fault hit' }),
  minDemand: z.int().min(1).default(20).meta({ description: 'requests before the fault that each instance needs to be judged' }),
});
type Params = z.output<typeof schema>;

export const failureDetector = defineCheck({
  name: 'failureDetector',
  summary: 'Holds a failure detector against the answers that callers got: whom it suspected, how soon, and how often it was wrong.',
  schema,
  example: { from: 'gateway', to: 'inventory', using: { phiAccrual: { threshold: 8 } }, during: 'one-stands-still', within: '4s' },
  evaluate: (params, record) => {
    const found = faultOfStep(record, params.during);
    if (found.kind === 'unusable') return inconclusive(found.reason, found.evidence);
    const unseen = unseenFrom(record, params.from);
    if (unseen !== undefined) return inconclusive(unseen, found.fault.evidence);
    return judge(params, watch(params, { record, fault: found.fault }));
  },
});

/** All of the run that has traffic, each instance by itself. */
function watch({ from, to, using }: Params, { record, fault }: { record: RunRecord; fault: FaultWindow }): Watched {
  const callers = new Set(instancesOf(record, from));
  const heard = record.exchanges.having((one) => callers.has(one.from) && one.isCopy !== true);
  const baseline = record.phases.find(({ phase }) => phase === 'baseline');
  const span = {
    fromMs: baseline?.fromMs ?? record.fromMs,
    toMs: heard.reduce((latest, { endMs }) => Math.max(latest, endMs), fault.toMs),
  };
  const instances = instancesOf(record, to).map((instance) => {
    const requests = record.exchanges.having((one) => callers.has(one.from) && one.to === instance && one.isCopy !== true);
    const turns = suspicionTurns(using, requests, span);
    const demand = requests.filter(({ startMs }) => startMs < fault.fromMs).length;
    return { instance, demand, suspicions: spansOf(turns, span.toMs), hit: hitsOf(instance, record) };
  });
  return { fault, instances, span };
}

/** When any fault was on it, and the moment after. */
function hitsOf(instance: string, { faults }: RunRecord): readonly Window[] {
  return faults
    .filter(({ planned }) => planned.instances.includes(instance))
    .map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + AFTERMATH_MS }));
}

function judge(params: Params, watched: Watched): Judgement {
  const { within: withinMs, minDemand, mistakes } = params;
  const { fault, instances, span } = watched;
  const expected = params.expect ?? fault.planned.instances.filter((name) => instances.some(({ instance }) => instance === name));
  const rules = [...expected.map((name) => noticed(name, { withinMs, minDemand }, watched)), mistaken(mistakes, watched)];
  return settle(rules, {
    subject: `${params.using.detector} of ${params.from} on ${params.to} during "${params.during}"`,
    evidence: fault.evidence,
    lanes: instances.map(({ instance, suspicions }) => suspicionLane(`${params.from}: ${instance}`, suspicions, span)),
    alternatives: ['a caller that had nothing to ask: silence of the caller looks like silence of the instance'],
  });
}
