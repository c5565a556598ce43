/** A topology with its instances in frames of hosts instead of services; who is on no host stays where it was. Pure. */
import { grouped } from '../../../../../../src/core/grouped.js';
import type { Topology } from '../../../state/topology.js';

export function byHost(topology: Topology, hostOf: ReadonlyMap<string, string>): Topology {
  const frameOf = (instance: string, service: string): string => {
    const host = hostOf.get(instance);
    return host === undefined ? service : `on ${host}`;
  };
  const placed = topology.services.flatMap(({ name, instances }) =>
    instances.map((instance) => ({ frame: frameOf(instance, name), instance })),
  );
  const frames = grouped(placed, ({ frame }) => frame);
  return {
    ...topology,
    services: [...frames].map(([name, members]) => ({ name, instances: members.map(({ instance }) => instance) })),
    links: topology.links.map((link) => ({
      ...link,
      fromService: frameOf(link.from, link.fromService),
      toService: frameOf(link.to, link.toService),
    })),
  };
}
