/**
 * A hybrid logical clock (Kulkarni and others, 2014): near the wall clock, and yet never behind anything that was heard of. A reader would get wrong that it needs clocks to be
 * right: where they are wrong its stamps are wrong in the same way, but what was caused by something always has the later one. Pure: the wall is an argument.
 */

/** Compared by wall, then count, then node; the node makes stamps of two of them differ. */
export interface Stamp {
  /** Milliseconds of the latest wall clock that was heard of. */
  readonly wallMs: number;
  /** Tells apart what happened in one millisecond of it. */
  readonly count: number;
  readonly node: string;
}

export interface HybridClock {
  /** The stamp of something that happens here now: later than all that were given or heard. */
  tick(wallMs: number): Stamp;
  /** Notes a stamp that somebody else gave. */
  hear(stamp: Stamp): void;
}

export function createHybridClock(node: string): HybridClock {
  let last: Stamp = { wallMs: 0, count: 0, node };
  return {
    tick: (wallMs) => {
      last = wallMs > last.wallMs ? { wallMs, count: 0, node } : { wallMs: last.wallMs, count: last.count + 1, node };
      return last;
    },
    hear: (stamp) => {
      if (compareStamps(stamp, last) > 0) last = { ...stamp, node };
    },
  };
}

/** Below 0 where the first is the older, above 0 where it is the newer. */
export function compareStamps(a: Stamp, b: Stamp): number {
  if (a.wallMs !== b.wallMs) return a.wallMs - b.wallMs;
  if (a.count !== b.count) return a.count - b.count;
  return a.node < b.node ? -1 : Number(a.node > b.node);
}

/** What came over the wire as a stamp, if it is one. */
export function readStamp(value: unknown): Stamp | undefined {
  const { wallMs, count, node } = (value ?? {}) as Partial<Record<keyof Stamp, unknown>>;
  if (typeof wallMs !== 'number' || typeof count !== 'number' || typeof node !== 'string') return undefined;
  return Number.isFinite(wallMs) && Number.isSafeInteger(count) ? { wallMs, count, node } : undefined;
}
