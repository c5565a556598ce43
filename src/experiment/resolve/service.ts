/** One service as written → as planned: its instances, and whether the run starts them or finds them running. */
import type { Path } from '../../core/document-path.js';
import { LOAD } from '../../journal/observations.js';
import type { ForeignProcess, PlannedAgents, PlannedInstance, PlannedService } from '../plan.js';
import type { Complain } from '../problem.js';
import type { AgentsText } from '../schema/agents.js';
import type { ServiceText } from '../schema/topology.js';
import { DATA_TEMPLATE } from '../template.js';

type InstanceText = Exclude<Extract<ServiceText['instances'], readonly unknown[]>[number], string>;

export function resolveService(name: string, text: ServiceText, complain: Complain): PlannedService {
  const path: Path = ['topology', 'services', name];
  if (name === LOAD) complain(path, '"load" is the load generator; choose another name', { at: 'key' });
  const given = typeof text.instances === 'number' ? numbered(name, text.instances) : text.instances;
  const instances = given.map((instance) => plannedInstance(instance, text));
  checkWhoStarts(text, instances, { path, complain });
  checkFolderIsKnown(text, { path, complain });
  const { path: readyPath, timeout: timeoutMs, interval: intervalMs } = text.ready;
  if (text.protocol !== 'http' && readyPath !== undefined) {
    complain(
      [...path, 'ready'],
      `expected no path for a service that speaks ${text.protocol}: a connection is enough; or set protocol: http`,
    );
  }
  const { policy, max, delay: delayMs } = text.restart;
  return {
    name,
    protocol: text.protocol,
    instances,
    ...(text.argv && { argv: text.argv }),
    env: text.env,
    ...(Object.keys(text.files).length > 0 && { files: text.files }),
    ...(text.workingDirectory !== undefined && { workingDirectory: text.workingDirectory }),
    ready: { ...(readyPath !== undefined && { path: readyPath }), timeoutMs, intervalMs },
    ...(text.health !== undefined && { healthPath: text.health }),
    ...(text.accepts && { accepts: text.accepts }),
    ...(policy === 'onFailure' && { restart: { max, delayMs } }),
    ...(text.limits && { limits: limitsOf(text.limits) }),
    ...dataOf(text),
  };
}

function limitsOf({ cpu, memory }: NonNullable<ServiceText['limits']>): NonNullable<PlannedService['limits']> {
  return { ...(cpu !== undefined && { cpus: cpu }), ...(memory !== undefined && { memoryBytes: memory }) };
}

/** A folder that the program is not told of is of no use to it. */
function checkFolderIsKnown(text: ServiceText, { path, complain }: { path: Path; complain: Complain }): void {
  if (dataOf(text).data !== undefined) return;
  const unknown = `expected ${DATA_TEMPLATE} in argv or env: nobody would know of the folder`;
  if (text.dataDirectory !== undefined) complain([...path, 'dataDirectory'], unknown);
  if (Object.keys(text.files).length > 0) complain([...path, 'files'], unknown);
}

/** Who names its data folder has one. */
function dataOf({ argv = [], env, dataDirectory }: ServiceText): Pick<PlannedService, 'data'> {
  if (![...argv, ...Object.values(env)].some((text) => text.includes(DATA_TEMPLATE))) return {};
  return { data: { ...(dataDirectory !== undefined && { directory: dataDirectory }) } };
}

function numbered(service: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${service}-${i + 1}`);
}

function plannedInstance(given: string | InstanceText, { labels: shared, agents: everywhere }: ServiceText): PlannedInstance {
  const { name, port, address, labels = {}, agents = everywhere, ...rest } = typeof given === 'string' ? { name: given } : given;
  const process = processOf(rest);
  return {
    name,
    // Whoever is placed by a label has it: faults choose by it like by any other.
    labels: { ...agents?.label, ...shared, ...labels },
    ...(agents && { agents: plannedAgents(agents) }),
    ...(port !== undefined && { port }),
    ...(address !== undefined && { address }),
    ...(process && { process }),
  };
}

function plannedAgents({ name: names, label: labels, count, percentage }: AgentsText): PlannedAgents {
  return {
    ...(names && { names }),
    ...(labels && { labels }),
    ...(count !== undefined && { count }),
    ...(percentage !== undefined && { percentage }),
  };
}

function processOf({ pid, unit, container }: Pick<InstanceText, 'pid' | 'unit' | 'container'>): ForeignProcess | undefined {
  if (pid !== undefined) return { kind: 'pid', pid };
  if (unit !== undefined) return { kind: 'unit', name: unit };
  return container === undefined ? undefined : { kind: 'container', name: container };
}

/** It runs somewhere, whoever started it. */
export function isAttached({ address, process }: PlannedInstance): boolean {
  return address !== undefined || process !== undefined;
}

function checkWhoStarts(
  { argv, limits, restart }: ServiceText,
  instances: readonly PlannedInstance[],
  { path, complain }: { path: Path; complain: Complain },
): void {
  const attached = instances.some(isAttached);
  if (argv === undefined) {
    const attachedOnly = 'expected argv beside it: what the run did not start, it can neither';
    if (limits !== undefined) complain([...path, 'limits'], `${attachedOnly} limit nor end`);
    if (restart.policy !== 'never') complain([...path, 'restart'], `${attachedOnly} start again nor end`);
  } else if (attached) {
    complain([...path, 'instances'], 'expected either argv (to start it) or addresses (where it already runs), found both');
  }
}
