/** The plan as checks see it before a run: for each fault step how many requests come by, which of them it hits, and what becomes of those. */
import type { FaultSpec } from '../dataplane/faults/spec.js';
import { isLinkFault } from '../dataplane/faults/topology-fault.js';
import { LOAD } from '../journal/observations.js';
import type { Noted, Outlook, Prospect } from '../verify/foresight.js';
import type { Catalogs } from './catalogs.js';
import { demandIn, methodStartMs } from './demand.js';
import type { Plan, PlannedFault } from './plan.js';
import { methodDurationMs, type TimedStep, timeline } from './timeline.js';

export function outlookOf(plan: Plan, catalogs: Pick<Catalogs, 'loadModels' | 'faults'>): Outlook {
  const timed = timeline(plan.steps);
  return {
    plan: plan.recorded,
    baselineMs: plan.baselineMs,
    during: (name) => {
      const step = timed.find((one) => one.step.name === name);
      return step && prospectOf(step, { timed, plan, catalogs });
    },
    noted: (from, to) => notedBetween(plan, from, to),
  };
}

/** Links between two services are told to note the same. */
function notedBetween({ load, links, recorded }: Plan, from: string, to: string): Noted | undefined {
  if (from === LOAD) return load && noted(load.observe);
  const link = links.find(({ fromService, toService, protocol }) => fromService === from && toService === to && protocol !== 'tcp');
  if (link === undefined || recorded.linksUnseen !== undefined) return undefined;
  return noted(link.observe ?? {});
}

/** The load notes nothing unless it is told to; whoever is told to notes the key as well, and a link needs no telling. */
function noted(observe: Partial<Noted> | undefined): Noted {
  if (observe === undefined) return { headers: [], answerHeaders: [] };
  const { headers = [], answerHeaders = [] } = observe;
  return { headers: ['idempotency-key', ...headers], answerHeaders };
}

interface Scene {
  timed: readonly TimedStep[];
  plan: Plan;
  catalogs: Pick<Catalogs, 'loadModels' | 'faults'>;
}

function prospectOf({ step, fromMs, toMs }: TimedStep, { timed, plan, catalogs }: Scene): Prospect | undefined {
  const { fault } = step;
  const startMs = methodStartMs(plan);
  const demand = demandIn(plan, { fromMs: startMs + fromMs, toMs: startMs + toMs }, catalogs);
  if (fault === undefined || toMs <= fromMs) return undefined;
  const others = timed.filter((other) => other.step.fault !== undefined && other.step !== step);
  const onItsLinks = others.filter((other) => other.step.fault?.links.some((link) => fault.links.includes(link)));
  const endMs = methodDurationMs(plan) + plan.settleMs;
  return {
    step: step.name,
    fault,
    durationMs: toMs - fromMs,
    followedMs: {
      onItsLinks: nextMs(onItsLinks, toMs, endMs) - toMs,
      everywhere: nextMs(others, toMs, endMs) - toMs,
    },
    requestsPerSecond: demand === undefined ? undefined : (1_000 * demand) / (toMs - fromMs),
    harm: harmOf(fault, catalogs),
    share: fault.spec.percentage / 100,
    isAtMost: isSelective(fault.spec) || fault.open !== undefined,
    isAlone: others.every((other) => other.toMs <= fromMs || other.fromMs >= toMs),
  };
}

/** When the first of them is on that is still to end, or the run is over. */
function nextMs(others: readonly TimedStep[], sinceMs: number, endMs: number): number {
  const later = others.filter(({ toMs }) => toMs > sinceMs).map(({ fromMs }) => Math.max(fromMs, sinceMs));
  return Math.min(endMs, ...later);
}

function harmOf({ spec }: PlannedFault, { faults }: Pick<Catalogs, 'faults'>): Prospect['harm'] {
  const definition = faults.get(spec.type);
  if (definition?.protocol === 'process') return definition.harm?.(definition.schema.parse(spec.value ?? {}));
  if (definition === undefined || !isLinkFault(definition) || !('harm' in definition) || isPerVictim(spec)) return undefined;
  const params = definition.schema.safeParse(spec.value ?? {});
  const harm = params.success ? definition.harm?.(params.data) : undefined;
  const direction = spec.direction ?? definition.defaultDirection;
  if (harm?.kind === 'fails') return direction === 'up' ? harm : { kind: 'fails' };
  return harm !== undefined && direction === 'both' ? { ...harm, forMs: 2 * harm.forMs } : harm;
}

/** Some are hit always and some never, or ever more of them: no share holds for each instance at each time. */
function isPerVictim({ ramp, keyBy, percentage }: Pick<FaultSpec, 'ramp' | 'keyBy' | 'percentage'>): boolean {
  return ramp !== undefined || (percentage < 100 && keyBy !== undefined && keyBy !== 'request' && keyBy !== 'connection');
}

/** It looks at some requests only, or at times only. */
function isSelective(spec: PlannedFault['spec']): boolean {
  const { source, match, exclude, pulse, first, nth, every, maxActive, connections } = spec;
  return connections !== 'all' || [source, match, exclude, pulse, first, nth, every, maxActive].some((filter) => filter !== undefined);
}
