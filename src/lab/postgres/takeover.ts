/**
 * When the follower takes over: after so many looks at the leader in a row that came to nothing. Pure. What a reader gets wrong: it never goes back. A leader that
 * is there again has been replaced, and would be a second one.
 */

/** Three in a row: one look may be lost on a busy machine. */
const MISSES_MAX = 3;

export interface Takeover {
  /** What came of a look at the leader. */
  looked(isThere: boolean): void;
  readonly leader: 'first' | 'second';
}

export function createTakeover(): Takeover {
  let misses = 0;
  let leader: Takeover['leader'] = 'first';
  return {
    looked: (isThere) => {
      misses = isThere ? 0 : misses + 1;
      if (misses >= MISSES_MAX) leader = 'second';
    },
    get leader() {
      return leader;
    },
  };
}
