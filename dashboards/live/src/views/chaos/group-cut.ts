/** A group that is cut off: the links between those in it and all others, both ways. Pure. */
import type { TopologyLink } from '../../state/topology.js';

/** The load generator's own requests go through no proxy, and cannot be cut. */
export function cutOff(group: ReadonlySet<string>, links: readonly TopologyLink[]): readonly string[] {
  return links.filter(({ from, to, isLoad }) => !isLoad && group.has(from) !== group.has(to)).map(({ name }) => name);
}
