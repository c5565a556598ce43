/**
 * A fault on processes as written → what the orchestrator will do, to whom. What a reader gets wrong: its links are those that lead to the instances,
 * so that what it does to callers can be judged by them; nothing is put on them.
 */
import assert from 'node:assert/strict';
import type { Path } from '../../core/document-path.js';
import { listed } from '../../core/suggest.js';
import { actOf, type ProcessAct, type ProcessFault } from '../../dataplane/faults/process-fault.js';
import type { PlannedFault, PlannedService } from '../plan.js';
import type { FaultText } from '../schema/fault.js';
import { DATA_TEMPLATE } from '../template.js';
import { faultSummary } from './summary.js';
import { resolveInstances, type TargetContext } from './target.js';

interface Given {
  definition: ProcessFault;
  path: Path;
  context: TargetContext;
}

/** Undefined when it cannot be carried out; what is wrong was then complained about. */
export function resolveProcessFault(fault: FaultText, { definition, path, context }: Given): PlannedFault | undefined {
  assert(fault.processesOf !== undefined, 'the schema asks for the target of a fault on processes');
  const at = [...path, 'target'];
  const whom = resolveInstances(fault.processesOf, at, context);
  if (whom === undefined) return undefined;
  const { instances, chosen, openRoles } = whom;
  for (const problem of obstacles(fault.type, instances, context)) context.complain(at, problem);
  const act = actOf(definition, fault.value.written);
  const foreign = instances.filter((name) => context.topology.serviceOf.get(name)?.argv === undefined);
  for (const problem of foreignObstacles(act, { foreign, type: fault.type, context })) context.complain(at, problem);
  const without = withoutData(act, servicesOf(instances, context));
  if (without.length > 0)
    context.complain(
      [...path, 'value'],
      `expected a data folder to replace, found none of ${listed(without)}: name ${DATA_TEMPLATE} in argv or env`,
    );
  const inward = context.topology.links.filter((link) => instances.includes(link.to));
  const touching = inward.length > 0 ? inward : context.topology.links.filter((link) => instances.includes(link.from));
  const { resolve, duration: durationMs, lease, minMatched } = fault;
  return {
    type: fault.type,
    performs: fault.type,
    links: touching.map(({ name }) => name),
    instances,
    processes: instances,
    ...(foreign.length > 0 && { foreign }),
    durationMs,
    recoveryMs: Math.max(0, ...servicesOf(instances, context).map(({ ready }) => ready.timeoutMs)),
    minMatched,
    summary: faultSummary(fault, 'processes'),
    ...(chosen.length > 0 && { chosen }),
    leaseMs: lease,
    spec: {
      type: fault.type,
      connections: 'all',
      percentage: 100,
      value: fault.value.written,
      lease,
      duration: durationMs,
      seed: context.seed,
    },
    ...(openRoles.length > 0 && { open: { text: fault, roles: openRoles, resolve } }),
  };
}

/** Why it may not or cannot be. */
function obstacles(type: string, instances: readonly string[], context: TargetContext): string[] {
  const { links } = context.topology;
  const guarded = instances.filter((name) => links.some((link) => link.protected && (link.from === name || link.to === name)));
  const unwilling = servicesOf(instances, context).filter(({ accepts }) => accepts?.includes(type) === false);
  return [
    ...(guarded.length === 0 ? [] : [`instances at protected links cannot be faulted: ${listed(guarded)} (see topology.protect)`]),
    ...unwilling.map(({ name, accepts }) => `${name} does not accept ${type}; it accepts: ${listed(accepts ?? [])}`),
  ];
}

/** Why somebody else's processes may not or cannot be given such a fault: they can be paused at most, and only where the plan says that they may. */
function foreignObstacles(
  act: ProcessAct,
  { foreign, type, context }: { foreign: readonly string[]; type: string; context: TargetContext },
): string[] {
  const { serviceOf } = context.topology;
  const kindOf = (name: string) => serviceOf.get(name)?.instances.find((instance) => instance.name === name)?.process?.kind;
  const [first] = foreign;
  if (first === undefined) return [];
  const theirs = `${listed(foreign)} is somebody else’s`;
  if (act.kind !== 'hold' && act.kind !== 'ration')
    return [`${type} acts on processes that the run starts; ${theirs}: of the faults on processes it can be given pause and slowCpu`];
  const unknown = foreign.filter((name) => !['pid', 'unit'].includes(kindOf(name) ?? ''));
  if (unknown.length > 0) return [`${theirs}; to ${type} it, expected its pid or its unit, found neither for ${listed(unknown)}`];
  const units = foreign.filter((name) => kindOf(name) === 'unit');
  if (act.kind === 'ration' && units.length > 0)
    return [`${type} has to signal twenty times a second, expected a pid, found the unit of ${listed(units)}`];
  if (act.kind === 'ration' && act.by === 'quota')
    return [`${theirs}, and no quota is set for whom the run did not start: expected \`by: turns\`, found \`by: quota\``];
  const silent = servicesOf(foreign, context).filter(({ accepts }) => accepts === undefined);
  return silent.map(({ name }) => `${theirs}: expected \`accepts: [${type}]\` at ${name}, which says that it may be`);
}

/** Services whose data cannot be replaced, where that is asked for. */
function withoutData(act: ProcessAct, services: readonly PlannedService[]): readonly string[] {
  if (act.kind !== 'kill' || act.data === 'same') return [];
  return services.filter(({ data }) => data === undefined).map(({ name }) => name);
}

function servicesOf(instances: readonly string[], { topology }: TargetContext): PlannedService[] {
  return [...new Set(instances.map((name) => topology.serviceOf.get(name)))].filter((service) => service !== undefined);
}
