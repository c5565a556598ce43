/** The latest intervals between heartbeats, and their mean and deviation. Bounded: the oldest makes room for the newest. */
import assert from 'node:assert/strict';
import type { Rhythm } from './phi.js';

export interface Intervals {
  readonly count: number;
  add(ms: number): void;
  /** Of the population, as Akka and Cassandra take it. Throws while there is no interval. */
  rhythm(): Rhythm;
}

export function keepIntervals(countMax: number): Intervals {
  const kept: number[] = [];
  let next = 0;
  return {
    get count() {
      return kept.length;
    },
    add(ms) {
      kept[next] = ms;
      next = (next + 1) % countMax;
    },
    rhythm() {
      assert(kept.length > 0, 'no interval is known yet');
      // Anew each time: running sums of squares drift, and a window is short.
      const meanMs = kept.reduce((sum, ms) => sum + ms, 0) / kept.length;
      const variance = kept.reduce((sum, ms) => sum + (ms - meanMs) ** 2, 0) / kept.length;
      return { meanMs, deviationMs: Math.sqrt(variance) };
    },
  };
}
