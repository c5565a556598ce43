/** Roles as written → the question that each instance will be asked. Who holds a role is nobody's guess before the run. */
import { didYouMean } from '../../core/suggest.js';
import type { PlannedRole, PlannedService } from '../plan.js';
import type { Complain } from '../problem.js';
import type { Experiment } from '../schema/experiment.js';
import type { RoleText } from '../schema/roles.js';

export function resolveRoles(
  { topology }: Experiment,
  { byName, complain }: { byName: ReadonlyMap<string, PlannedService>; complain: Complain },
): ReadonlyMap<string, PlannedRole> {
  const roles = new Map<string, PlannedRole>();
  for (const [name, { service, probe, within: withinMs }] of Object.entries(topology.roles)) {
    const path = ['topology', 'roles', name, 'service'];
    const owner = byName.get(service);
    if (owner === undefined) complain(path, `unknown service "${service}"${didYouMean(service, [...byName.keys()])}`);
    else if (probe.type === 'http' && owner.protocol === 'tcp') {
      complain(path, `expected a service that speaks HTTP, found ${service}, which speaks tcp; ask by command`);
    }
    roles.set(name, { name, service, probe: questionOf(probe), timeoutMs: probe.timeout, withinMs });
  }
  return roles;
}

/** In the words of the probe that asks it; whom, is added for each instance. */
function questionOf(probe: RoleText['probe']): PlannedRole['probe'] {
  if (probe.type === 'command') return { type: probe.type, params: { argv: probe.argv, env: {}, tolerance: probe.tolerance } };
  const { type, path, jsonpath, expect } = probe;
  return { type, params: { path, method: 'GET', tolerance: { jsonpath, expect } } };
}
