import { describe, expect, it } from 'vitest';
import { createTakeover } from '../../../src/lab/postgres/takeover.js';

/** Who leads after each of these looks. */
function leadersAfter(looks: readonly boolean[]): string[] {
  const takeover = createTakeover();
  return looks.map((isThere) => {
    takeover.looked(isThere);
    return takeover.leader;
  });
}

describe('a takeover', () => {
  it('is after three looks in a row that came to nothing', () => {
    expect(leadersAfter([false, false, false])).toEqual(['first', 'first', 'second']);
    expect(leadersAfter([false, false, true, false, false])).toEqual(['first', 'first', 'first', 'first', 'first']);
  });

  it('is for good: a leader that is there again is none', () => {
    expect(leadersAfter([false, false, false, true, true]).slice(3)).toEqual(['second', 'second']);
  });
});
