/** What the findings so far say about breakers and ejections now, by the name of caller and callee: what an edge of the topology shows. */
import type { StateLane } from '../../../../src/verify/state-lane.js';
import type { TopologyLink } from './topology.js';

export interface EdgeState {
  kind: StateLane['kind'];
  /** `open`, `halfOpen`, `ejected`, `suspected`; what is as it should be is left out. */
  state: string;
  /** Until when it is known: promises are judged now and then, not every second. */
  untilMs: number;
}

/** States that need no mark: all is as it should be, or nothing is known. */
const CALM: ReadonlySet<string> = new Set(['closed', 'in', 'trusted']);

/** States of the links that are not calm, by link. A subject is a callee (`inventory-3`), or a caller and a callee (`gateway -> payments`, `gateway: inventory-3`). */
export function edgeStates(lanes: readonly StateLane[], links: readonly TopologyLink[]): ReadonlyMap<string, readonly EdgeState[]> {
  const states = new Map<string, EdgeState[]>();
  for (const { subject, kind, segments } of lanes) {
    const last = segments.at(-1);
    if (last === undefined || CALM.has(last.state)) continue;
    const { state, toMs: untilMs } = last;
    const [, caller, callee = subject] = /^(.+?)(?: -> |: )(.+)$/.exec(subject) ?? [];
    for (const link of links) {
      if (!isCallee(link, callee) || !isCaller(link, caller)) continue;
      const known = states.get(link.name) ?? [];
      if (!known.some((one) => one.kind === kind && one.state === state)) states.set(link.name, [...known, { kind, state, untilMs }]);
    }
  }
  return states;
}

function isCallee({ to, toService }: TopologyLink, name: string): boolean {
  return to === name || toService === name;
}

function isCaller({ from, fromService, isLoad }: TopologyLink, name: string | undefined): boolean {
  return name === undefined ? !isLoad : from === name || fromService === name;
}
