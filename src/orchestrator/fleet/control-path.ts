/**
 * What a run must never touch: the way by which it, and every halt, reaches the agents. No link of ours carries that way; a plan could only name it as if it
 * were a service of its own, and is refused for it before anything is taken.
 */
import { LabError } from '../../core/errors.js';
import type { Plan } from '../../experiment/plan.js';

export interface ControlPath {
  /** URLs of etcd. */
  endpoints: readonly string[];
  /** The agent that an instance is placed on. */
  agentOf(instance: string): { name: string; pid: number } | undefined;
}

/** `host:port` of something that all agents depend on. */
export function isControl(address: string, { endpoints }: Pick<ControlPath, 'endpoints'>): boolean {
  return endpoints.some((endpoint) => placeOf(endpoint) === placeOf(`http://${address}`));
}

/** Throws CONTROL_PATH at the first fault that would cut it. */
export function refuseControlTargets({ services, links, steps }: Pick<Plan, 'services' | 'links' | 'steps'>, path: ControlPath): void {
  const instances = new Map(services.flatMap((service) => service.instances.map((instance) => [instance.name, instance] as const)));
  const toOf = new Map(links.map(({ name, to }) => [name, to]));
  for (const { name: step, fault } of steps) {
    if (fault === undefined) continue;
    for (const target of [...fault.links.map((link) => toOf.get(link) ?? ''), ...(fault.processes ?? [])]) {
      const instance = instances.get(target);
      const agent = path.agentOf(target);
      if (instance?.address !== undefined && isControl(instance.address, path))
        throw new LabError('CONTROL_PATH', { step, target, what: `etcd at ${instance.address}` });
      if (agent !== undefined && instance?.process?.kind === 'pid' && instance.process.pid === agent.pid)
        throw new LabError('CONTROL_PATH', { step, target, what: `the agent ${agent.name} itself` });
    }
  }
}

function placeOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname === 'localhost' || hostname === '[::1]' ? '127.0.0.1' : hostname;
  return `${host}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
