/** Laws of pauses: their ranges, number by number. */
import { describe, expect, it } from 'vitest';
import { exponential, type PauseLaw, rangeOfPause } from '../../../src/verify/presets/pause.js';

const ranges = (law: PauseLaw, ...ks: number[]): readonly (readonly [number, number])[] => ks.map((k) => rangeOfPause(law, k));

describe('rangeOfPause', () => {
  it('adds the jitter of a linear law on top of its cap', () => {
    expect(ranges({ kind: 'linear', stepMs: 10, maxMs: 25, addedMs: 5 }, 1, 2, 3)).toEqual([
      [10, 15],
      [20, 25],
      [25, 30],
    ]);
  });

  it('spreads an exponential law before or after its cap', () => {
    const law = { firstMs: 10, maxMs: 30, spread: [1, 1.5] } as const;
    expect(ranges(exponential(law), 1, 3)).toEqual([
      [10, 15],
      [30, 45],
    ]);
    expect(ranges(exponential({ ...law, isCapLast: true }), 1, 2, 3)).toEqual([
      [10, 15],
      [20, 30],
      [30, 30],
    ]);
  });

  it('keeps decorrelated waits growing up to the cap', () => {
    const highs = ranges({ kind: 'decorrelated', initialMs: 128, maxMs: 30_000 }, 1, 2, 3, 12).map(([, high]) => Math.round(high));
    expect(highs).toEqual([...highs].sort((a, b) => a - b));
    expect(highs.at(-1)).toBe(30_000);
    // The whole first step of the curve: 2 · tanh 2 / 1.4 initial waits.
    expect(highs[0]).toBe(176);
  });
});
