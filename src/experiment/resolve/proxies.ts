/** What carries the links, and whether it can carry the faults of the method: what it cannot is refused here, one line a fault, before anything is started. */
import assert from 'node:assert/strict';
import type { Path } from '../../core/document-path.js';
import { LOAD } from '../../journal/observations.js';
import type { Plane } from '../../orchestrator/planes/plane.js';
import type { Catalogs } from '../catalogs.js';
import type { PlannedFault, PlannedProxies } from '../plan.js';
import type { Complain } from '../problem.js';
import type { Experiment } from '../schema/experiment.js';
import { GATEWAY_TEMPLATE } from '../template.js';

export function resolveProxies(
  { topology }: Experiment,
  { catalogs: { planes }, complain }: { catalogs: Catalogs; complain: Complain },
): { plane: Plane; proxies: PlannedProxies } {
  const { driver, params } = topology.proxies;
  const plane = planes.get(driver);
  assert(plane !== undefined, 'the schema knows the drivers of the catalog and no other');
  for (const [i, { tls }] of topology.links.entries()) {
    if (tls !== undefined && plane.noTls !== undefined) complain(['topology', 'links', i, 'tls'], plane.noTls);
  }
  if (plane.noGateway !== undefined) {
    for (const [name, service] of Object.entries(topology.services)) {
      if (usesGateway(service)) complain(['topology', 'services', name], plane.noGateway);
    }
  }
  if (!plane.hasHosts) refusePlaces(topology, { plane, complain });
  return { plane, proxies: { driver, params, summary: plane.describe(params) } };
}

/** Who says where an instance is to be must not find it elsewhere. */
function refusePlaces({ services }: Experiment['topology'], { plane, complain }: { plane: Plane; complain: Complain }): void {
  const expected = `expected \`proxies: {driver: fleet}\` with it: ${plane.name} has no hosts to choose from`;
  for (const [name, { agents, instances }] of Object.entries(services)) {
    if (agents !== undefined) complain(['topology', 'services', name, 'agents'], expected, { at: 'key' });
    for (const [i, instance] of (typeof instances === 'number' ? [] : instances).entries()) {
      if (typeof instance !== 'string' && instance.agents !== undefined)
        complain(['topology', 'services', name, 'instances', i, 'agents'], expected, { at: 'key' });
    }
  }
}

/** Whether a service is handed the address of a gateway. */
export function usesGateway({ argv = [], env }: { argv?: readonly string[] | undefined; env: Readonly<Record<string, string>> }): boolean {
  return [...argv, ...Object.values(env)].some((text) => text.includes(GATEWAY_TEMPLATE));
}

/** A fault with what the data plane says about it; what it cannot carry is complained about. */
export function withCaveats(
  fault: PlannedFault,
  { plane, path, complain }: { plane: Plane; path: Path; complain: Complain },
): PlannedFault {
  const objections = plane.objections(fault.spec);
  if (objections.length > 0) complain([...path, 'type'], `${plane.name} cannot carry ${fault.type}: ${objections.join('; ')}`);
  const caveats = plane.caveats(fault.spec);
  return caveats.length === 0 ? fault : { ...fault, caveats };
}

/** The links that a probe looks at, as people write them; undefined when it looks at the load's own requests. */
export function unseenTarget(params: unknown, loadTarget: string | undefined): string | undefined {
  if (params === null || typeof params !== 'object' || !('target' in params)) return undefined;
  const { from, to } = params.target as { from?: string; to: string };
  if (from === LOAD || (from === undefined && to === loadTarget)) return undefined;
  return `${from ?? '*'} -> ${to}`;
}
