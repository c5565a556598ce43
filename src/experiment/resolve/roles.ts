/** Roles as written → as planned. Who holds a role is nobody's guess before the run. */
import { didYouMean } from '../../core/suggest.js';
import type { Catalogs } from '../catalogs.js';
import type { PlannedRole, PlannedService } from '../plan.js';
import type { Complain } from '../problem.js';
import type { Experiment } from '../schema/experiment.js';

export function resolveRoles(
  { topology }: Experiment,
  { byName, probes, complain }: { byName: ReadonlyMap<string, PlannedService>; probes: Catalogs['probes']; complain: Complain },
): ReadonlyMap<string, PlannedRole> {
  const roles = new Map<string, PlannedRole>();
  for (const [name, { service, probe, within: withinMs }] of Object.entries(topology.roles)) {
    const path = ['topology', 'roles', name, 'service'];
    const owner = byName.get(service);
    const { type, question, timeout: timeoutMs } = probe;
    if (owner === undefined) complain(path, `unknown service "${service}"${didYouMean(service, [...byName.keys()])}`);
    else if (probes.get(type)?.role?.needsHttp && owner.protocol === 'tcp') {
      complain(path, `expected a service that speaks HTTP, found ${service}, which speaks tcp: ${type} cannot ask it`);
    }
    roles.set(name, { name, service, probe: { type, question }, timeoutMs, withinMs });
  }
  return roles;
}
