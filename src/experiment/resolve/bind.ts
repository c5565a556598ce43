/**
 * A fault whose target was left open, once it is known who holds the roles: the same decisions as in the plan, by the same seed, on fewer links. It
 * never comes to a link that the plan did not have, so whatever was refused or protected there stays so.
 */
import type { Catalogs } from '../catalogs.js';
import { shippedCatalogs } from '../catalogs.js';
import type { Plan, PlannedFault } from '../plan.js';
import { resolveFault } from './fault.js';
import type { RoleHolders } from './selector.js';
import type { Topology } from './topology.js';

export type Bound = { kind: 'bound'; fault: PlannedFault } | { kind: 'nobody'; reason: string };

/** `step` is the name under which the fault stands in the plan. */
export function bindFault(
  plan: Plan,
  { step, fault }: { step: string; fault: PlannedFault },
  roles: RoleHolders,
  catalogs: Catalogs = shippedCatalogs,
): Bound {
  const plane = catalogs.planes.get(plan.proxies.driver);
  if (fault.open === undefined) return { kind: 'bound', fault };
  if (plane === undefined) throw new Error(`the plan names a driver that there is none of: ${plan.proxies.driver}`);
  const problems: string[] = [];
  const resolved = resolveFault(fault.open.text, ['fault'], {
    topology: topologyOf(plan),
    catalogs,
    plane,
    seed: plan.recorded.seed,
    step,
    roles,
    complain: (_path, message) => problems.push(message),
  });
  if (resolved === undefined || problems.length > 0) return { kind: 'nobody', reason: problems.join('; ') };
  const { links, instances, processes, chosen } = resolved;
  const { open: _open, ...rest } = fault;
  return { kind: 'bound', fault: { ...rest, links, instances, ...(processes && { processes }), ...(chosen && { chosen }) } };
}

function topologyOf({ services, links, roles }: Plan): Topology {
  return {
    services,
    byName: new Map(services.map((service) => [service.name, service])),
    serviceOf: new Map(services.flatMap((service) => service.instances.map(({ name }) => [name, service] as const))),
    links,
    roles: new Map(roles.map((role) => [role.name, role])),
  };
}
