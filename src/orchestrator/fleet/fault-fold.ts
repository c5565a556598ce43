/**
 * One fault on many hosts, told as one: it is on when the first host has put it on, and over when the last has ended it, so that whatever it may have touched
 * lies between. What a reader gets wrong: hosts that are lost are not waited for, or no fault on a lost host would ever end.
 */
import type { FaultChange, FaultEnd, Observation } from '../../journal/observations.js';
import { isFaultEnd } from '../../journal/observations.js';

/** The worst of several ends is what the run has to know. */
const WORST_FIRST: readonly FaultEnd[] = ['halted', 'expired', 'healed', 'duration'];

interface Folded {
  /** Everything that it is on, with all of them. */
  proxies: readonly string[];
  /** Agents that are to put it on. */
  agents: Set<string>;
  applied: Set<string>;
  ends: Map<string, FaultChange>;
  /** What was heard of it first. */
  first: FaultChange | undefined;
  isTold: boolean;
}

export class FaultFold {
  readonly #faults = new Map<string, Folded>();

  /** These agents are about to put it on. */
  expect({ id, proxies }: { id: string; proxies: readonly string[] }, agents: readonly string[]): void {
    this.#faults.set(id, { proxies, agents: new Set(agents), applied: new Set(), ends: new Map(), first: undefined, isTold: false });
  }

  /** What the run is to be told of what an agent has observed. */
  fold(agent: string, observation: Observation): readonly Observation[] {
    if (observation.kind !== 'fault') return [observation];
    const folded = this.#faults.get(observation.fault);
    if (folded === undefined || folded.isTold) return [];
    folded.first ??= observation;
    if (isFaultEnd(observation.change)) {
      folded.ends.set(agent, observation);
      return this.#end(folded);
    }
    const [first] = folded.applied.size === 0 ? [agent] : folded.applied;
    if (observation.change === 'applied') {
      const isFirst = folded.applied.size === 0;
      folded.applied.add(agent);
      const { proxies } = observation.proxies === undefined ? observation : folded;
      return isFirst ? [{ ...observation, ...(proxies && { proxies }) }] : [];
    }
    // Pulses and ramps turn everywhere at once: one host's word is enough.
    return first === agent ? [observation] : [];
  }

  /** Nothing is heard of them any more: their part of a fault is over, and all of it where nobody else has it. */
  lose(agents: readonly string[], atMs: number): readonly Observation[] {
    return [...this.#faults.values()].flatMap((folded) => {
      for (const agent of agents) folded.agents.delete(agent);
      const { first, ends, isTold } = folded;
      if (isTold || first === undefined || folded.agents.size > 0 || ends.size > 0) return this.#end(folded);
      folded.isTold = true;
      return [{ ...first, change: 'healed' as const, atMs }];
    });
  }

  #end(folded: Folded): readonly FaultChange[] {
    const ends = [...folded.ends].filter(([agent]) => folded.agents.has(agent)).map(([, end]) => end);
    const all = ends.length === folded.agents.size ? [...folded.ends.values()] : [];
    const [some] = all;
    if (folded.isTold || some === undefined) return [];
    folded.isTold = true;
    const sum = (count: (end: FaultChange) => number): number => all.reduce((total, end) => total + count(end), 0);
    const worst = WORST_FIRST.find((reason) => ends.some(({ change }) => change === reason)) ?? some.change;
    return [
      {
        ...some,
        change: worst,
        atMs: Math.max(...all.map(({ atMs }) => atMs)),
        matched: sum(({ matched }) => matched),
        appliedCount: sum(({ appliedCount }) => appliedCount),
        skipped: sum(({ skipped }) => skipped),
        ...(all.some(({ overflow }) => overflow !== undefined) && { overflow: sum(({ overflow = 0 }) => overflow) }),
        ...(all.some(({ unread }) => unread !== undefined) && { unread: sum(({ unread = 0 }) => unread) }),
      },
    ];
  }
}
