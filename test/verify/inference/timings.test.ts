import { describe, expect, it } from 'vitest';
import { addTook, createTookUs } from '../../../src/journal/traffic-sum.js';
import { quantile, quantileInterval } from '../../../src/verify/inference/statistics.js';
import { countsOf, Timings } from '../../../src/verify/inference/timings.js';

describe('times by rank', () => {
  it('are those of the values written out one by one', () => {
    const values = [5, 1, 9, 9, Number.POSITIVE_INFINITY];
    const timings = new Timings(
      [9, Number.POSITIVE_INFINITY, 1],
      [
        { value: 5, count: 1 },
        { value: 9, count: 1 },
        { value: 7, count: 0 },
      ],
    );
    const sorted = values.sort((a, b) => a - b);
    expect(timings.length).toBe(5);
    expect(Array.from({ length: 6 }, (_, i) => timings.at(i))).toEqual([...sorted, undefined]);
    for (const q of [0.01, 0.5, 0.8, 0.99]) expect(quantile(timings, q)).toBe(quantile(sorted, q));
  });

  it('of a histogram are right to 1 %, their interval too', () => {
    const tookUs = createTookUs();
    const values = Array.from({ length: 5_000 }, (_, i) => 3 + (i * i) / 1e4);
    for (const endMs of values) addTook(tookUs, { startMs: 0, endMs });
    const timings = new Timings([], countsOf(tookUs));
    for (const q of [0.5, 0.9, 0.99]) expect(Math.abs(quantile(timings, q) / quantile(values, q) - 1)).toBeLessThan(0.01);
    const [low, high] = quantileInterval(values, 0.99);
    const [summedLow, summedHigh] = quantileInterval(timings, 0.99);
    expect([Math.abs(summedLow / low - 1) < 0.01, Math.abs(summedHigh / high - 1) < 0.01]).toEqual([true, true]);
  });
});
