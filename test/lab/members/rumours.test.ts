import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../src/lab/members/claims.js';
import { createRumours } from '../../../src/lab/members/rumours.js';

const claim = (about: string, incarnation = 0): Claim => ({ about, standing: 'suspect', incarnation, from: 'm-1' });

describe('rumours', () => {
  it('are told four times in a small cluster, more often in a large one, and then no more', () => {
    for (const [size, times] of [
      [8, 4],
      [9, 4],
      [10, 8],
      [200, 12],
    ] as const) {
      const rumours = createRumours(size);
      rumours.add(claim('m-2'));
      const told = Array.from({ length: 20 }, () => rumours.take(5).length);
      expect(
        told.filter((count) => count === 1),
        `of ${size}`,
      ).toHaveLength(times);
    }
  });

  it('come in order of how little they were told, and a newer one begins again', () => {
    const rumours = createRumours(8);
    rumours.add(claim('m-2'));
    rumours.take(5);
    rumours.add(claim('m-3'));
    expect(rumours.take(1)).toEqual([claim('m-3')]);
    rumours.add(claim('m-2', 1));
    expect(rumours.take(5)).toEqual([claim('m-2', 1), claim('m-3')]);
  });
});
