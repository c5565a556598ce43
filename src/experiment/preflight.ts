/**
 * What can be known of the verdict before the run: a promise that will have too little to be judged by, a fault that too few will meet. What a
 * reader gets wrong: these are reckonings from the plan, of requests that each need a dependency once; the wire has the last word.
 */
import { LOAD } from '../journal/observations.js';
import type { Foresight } from '../verify/foresight.js';
import type { Catalogs } from './catalogs.js';
import { demandIn, methodStartMs } from './demand.js';
import { outlookOf } from './outlook.js';
import type { Plan } from './plan.js';
import { timeline } from './timeline.js';

export interface Foreseen extends Foresight {
  /** Name of the check that it is about. */
  about: string;
}

type Parameters = Readonly<Record<string, unknown>>;

/** In the order of the checks. */
export function preflight(plan: Plan, catalogs: Pick<Catalogs, 'loadModels' | 'faults' | 'checks'>): readonly Foreseen[] {
  const steps = new Map(timeline(plan.steps).map((timed) => [timed.step.name, timed]));
  const startMs = methodStartMs(plan);
  const during = (step: string): number | undefined => {
    const timed = steps.get(step);
    return timed && demandIn(plan, { fromMs: startMs + timed.fromMs, toMs: startMs + timed.toMs }, catalogs);
  };
  const baseline = demandIn(plan, { fromMs: startMs - plan.baselineMs, toMs: startMs }, catalogs);
  const outlook = outlookOf(plan, catalogs);
  return plan.checks.flatMap(({ name, check, params }) => {
    const given = params as Parameters;
    const suffix = onceEach(plan, given);
    const due = stepsOf(given).flatMap((step) => {
      const demand = during(step);
      return demand === undefined ? [] : [{ step, demand }];
    });
    const shortages = [...due.flatMap((one) => shortageOf(given, one)), ...baselineShortage(plan, given, baseline)];
    const foreseen = catalogs.checks.get(check)?.foresee?.(params, outlook) ?? [];
    return [
      ...shortages.map((says): Foreseen => ({ about: name, kind: 'cannotJudge', says: says + suffix })),
      ...foreseen.map(({ kind, says }): Foreseen => ({ about: name, kind, says: says + suffix })),
    ];
  });
}

/** Requests of the load that fall due while at least one fault is on: no more can be harmed, however bad it gets. Undefined: not to be reckoned. */
export function worstHarm(plan: Plan, catalogs: Pick<Catalogs, 'loadModels'>): number | undefined {
  const startMs = methodStartMs(plan);
  const faults = timeline(plan.steps).filter(({ step }) => step.fault !== undefined);
  const stretches = faults.map(({ fromMs, toMs }) => ({ fromMs, toMs })).sort((a, b) => a.fromMs - b.fromMs);
  let total = 0;
  let coveredMs = 0;
  for (const { fromMs, toMs } of stretches) {
    const from = Math.max(fromMs, coveredMs);
    if (toMs <= from) continue;
    const demand = demandIn(plan, { fromMs: startMs + from, toMs: startMs + toMs }, catalogs);
    if (demand === undefined) return undefined;
    total += demand;
    coveredMs = toMs;
  }
  return Math.ceil(total);
}

/** Checks name the fault steps that they are about `during` or, that a fault was felt, `step`. */
function stepsOf({ during, step }: Parameters): readonly string[] {
  return [during, step].flat().filter((name) => typeof name === 'string');
}

function shortageOf({ minDemand, minMatched }: Parameters, { step, demand }: { step: string; demand: number }): readonly string[] {
  const due = `about ${Math.round(demand)} requests fall due while "${step}" is on`;
  return [minDemand, minMatched].flatMap((needed) =>
    typeof needed === 'number' && demand < needed ? [`${due}, and ${needed} are needed`] : [],
  );
}

function baselineShortage(plan: Plan, { minDemandPerHost: needed, to }: Parameters, baseline: number | undefined): readonly string[] {
  const instances = plan.services.find(({ name }) => name === to)?.instances.length;
  if (typeof needed !== 'number' || baseline === undefined || instances === undefined) return [];
  const each = baseline / instances;
  return each < needed
    ? [`each of ${instances} instances has about ${Math.round(each)} requests in the baseline, and ${needed} are needed`]
    : [];
}

/** A request may need a dependency never, once or often; only the load's own are known. */
function onceEach({ load }: Plan, { from }: Parameters): string {
  const isPlain = load?.scenarios.every(({ service, requests }) => service === from && requests.length === 1);
  return from === undefined || from === LOAD || isPlain ? '' : ', if each of them needs it once';
}
