/** A group that is cut off: the links between those in it and all others, both ways or one. Pure. */
import type { TopologyLink } from '../../state/topology.js';

/** `asking`: what they ask of others; `asked`: what others ask of them. */
export type CutWay = 'both' | 'asking' | 'asked';

/** The load generator's own requests go through no proxy, and cannot be cut. */
export function cutOff(group: ReadonlySet<string>, links: readonly TopologyLink[], way: CutWay = 'both'): readonly string[] {
  const isMeant = ({ from, to }: TopologyLink): boolean => {
    const isAsking = group.has(from) && !group.has(to);
    const isAsked = group.has(to) && !group.has(from);
    return (isAsking && way !== 'asked') || (isAsked && way !== 'asking');
  };
  return links.filter((link) => !link.isLoad && isMeant(link)).map(({ name }) => name);
}
