import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallestFailing } from '../../src/cli/smallest.js';

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

async function shrunk(fails: (part: readonly string[]) => boolean): Promise<{ left: readonly string[]; trials: string[] }> {
  const trials: string[] = [];
  const left = await smallestFailing(LETTERS, async (part) => {
    trials.push(part.join(''));
    return fails(part);
  });
  return { left, trials };
}

describe('the smallest part that still fails', () => {
  it('is nothing when it fails without any item, after one trial', async () => {
    expect(await shrunk(() => true)).toEqual({ left: [], trials: [''] });
  });

  it('is everything when each item matters', async () => {
    expect((await shrunk((part) => part.length === LETTERS.length)).left).toEqual(LETTERS);
  });

  it('finds one among many by halves', async () => {
    const { left, trials } = await shrunk((part) => part.includes('f'));
    expect(left).toEqual(['f']);
    expect(trials.length).toBeLessThan(8);
  });

  it('finds two that only together break it, in their order', async () => {
    expect((await shrunk((part) => part.includes('b') && part.includes('g'))).left).toEqual(['b', 'g']);
  });

  it('tries no part twice, and leaves nothing that could be left out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(LETTERS, { minLength: 1 }), fc.subarray(LETTERS), async (culprits, others) => {
        // Two ways to fail: all of the culprits, or all of the others with one more.
        const fails = (part: readonly string[]): boolean =>
          culprits.every((c) => part.includes(c)) ||
          (others.length > 0 && part.length > others.length && others.every((o) => part.includes(o)));
        const { left, trials } = await shrunk(fails);
        expect(new Set(trials).size).toBe(trials.length);
        expect(fails(left)).toBe(true);
        for (const item of left) expect(fails(left.filter((other) => other !== item))).toBe(false);
      }),
    );
  });
});
