/**
 * `topology.protect` — which links no fault may touch. It names services (all links to and from them), links between services or instances, and kinds
 * of traffic that a lab lives on: these are known by the callee's name, by its label `purpose`, or by the port that it always has.
 */
import type { Path } from '../../core/document-path.js';
import { didYouMean } from '../../core/suggest.js';
import { linkName } from '../../journal/observations.js';
import type { PlannedInstance, PlannedService } from '../plan.js';
import type { Complain } from '../problem.js';

/** Word → ports that are enough to know it by. Our own control traffic crosses no link, and needs no word. */
const KINDS: Readonly<Record<string, readonly number[]>> = {
  control: [8474],
  dns: [53, 853],
  // Prometheus, its push gateway, OpenTelemetry, StatsD.
  metrics: [9090, 9091, 4317, 4318, 8125],
};

/** A link between two instances, before it is one. */
export interface Pair {
  from: PlannedInstance;
  fromService: string;
  to: PlannedInstance;
  toService: string;
}

export function protection(
  protect: readonly string[],
  {
    byName,
    edges,
    complain,
  }: {
    byName: ReadonlyMap<string, PlannedService>;
    edges: readonly { from: PlannedService; to: PlannedService }[];
    complain: Complain;
  },
): (pair: Pair) => boolean {
  const names = new Set(protect);
  const serviceLinks = edges.map(({ from, to }) => linkName(from.name, to.name));
  const instanceLinks = edges.flatMap(({ from, to }) => from.instances.flatMap((a) => to.instances.map((b) => linkName(a.name, b.name))));
  const known = new Set([...Object.keys(KINDS), ...byName.keys(), ...serviceLinks, ...instanceLinks]);
  for (const [i, entry] of protect.entries()) {
    if (known.has(entry)) continue;
    // Written as one name or as a list: the shorter path finds either.
    const path: Path = protect.length === 1 ? ['topology', 'protect'] : ['topology', 'protect', i];
    complain(path, `unknown service or link "${entry}"${didYouMean(entry, [...byName.keys(), ...serviceLinks, ...Object.keys(KINDS)])}`);
  }
  const kinds = Object.entries(KINDS).filter(([kind]) => names.has(kind));
  return (pair) =>
    names.has(pair.fromService) ||
    names.has(pair.toService) ||
    names.has(linkName(pair.fromService, pair.toService)) ||
    names.has(linkName(pair.from.name, pair.to.name)) ||
    kinds.some(([kind, ports]) => pair.to.labels['purpose'] === kind || ports.includes(portOf(pair.to)));
}

function portOf({ port, address }: PlannedInstance): number {
  return port ?? Number(address?.split(':').at(-1));
}
