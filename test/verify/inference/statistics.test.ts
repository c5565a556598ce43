/** The vectors of the literature; a wrong constant here would bend every verdict. */
import { describe, expect, it } from 'vitest';
import {
  bernoulliEvidence,
  CUSUM_ALARM,
  cusum,
  dispersion,
  largest,
  lowerBound,
  meanInterval,
  missRunLength,
  poissonEvidence,
  quantile,
  quantileInterval,
  studentT95,
  wilson,
  zeroEventBound,
} from '../../../src/verify/inference/statistics.js';

describe('statistics', () => {
  it.each([
    [0, 10, 0, 0.2775],
    [0, 30, 0, 0.1135],
    [0, 100, 0, 0.037],
    [1, 100, 0.00177, 0.05449],
    [5, 100, 0.02154, 0.11175],
    [50, 100, 0.40383, 0.59617],
    [95, 100, 0.88825, 0.97846],
    [3, 10, 0.10779, 0.60322],
    [0, 500, 0, 0.00762],
    [12, 500, 0.01378, 0.04148],
  ])('the Wilson interval of %i of %i is [%d, %d]', (hits, samples, low, high) => {
    const interval = wilson(hits, samples);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it('knows nothing without samples, and refuses more hits than samples', () => {
    expect(wilson(0, 0)).toEqual([0, 1]);
    expect(zeroEventBound(0)).toBe(1);
    expect(() => wilson(2, 1)).toThrow('2 of 1');
  });

  it.each([
    [59, 0.0495],
    [299, 0.00997],
    [598, 0.005],
  ])('zero of %i events still leaves a rate of %d', (samples, bound) => {
    expect(zeroEventBound(samples)).toBeCloseTo(bound, 4);
  });

  it.each([
    [0.01, 0.1, Math.LN10, -0.0953],
    [0.02, 0.98, 3.8918, -3.8918],
  ])('evidence for a share moving from %d to %d is %d a hit and %d a miss', (before, after, hit, miss) => {
    const evidence = bernoulliEvidence({ before, after });
    expect(evidence.hit).toBeCloseTo(hit, 4);
    expect(evidence.miss).toBeCloseTo(miss, 4);
  });

  it.each([
    [0.98, 0.02, 3.7],
    [0.98, 0.5, 10.9],
    [0.2, 0.001, 63.8],
    [0.01, 0.1, 95.6],
  ])('a CUSUM for %d → %d needs about %d observations', (before, after, observations) => {
    const { hit, miss } = bernoulliEvidence({ before, after });
    const mean = after * hit + (1 - after) * miss;
    expect(13.8 / mean).toBeCloseTo(observations, 0);
  });

  it('four misses in a row raise the alarm, three do not', () => {
    const { miss } = bernoulliEvidence({ before: 0.98, after: 0.02 });
    const sums = [1, 2, 3, 4].map((n) => Array.from({ length: n }).reduce<number>((sum) => cusum(sum, miss), 0));
    expect(sums.map((sum) => sum > CUSUM_ALARM)).toEqual([false, false, false, true]);
  });

  it.each([
    [10, 20, 14.427],
    [10, 1, 3.909],
  ])('a Poisson CUSUM for %d → %d is level at %d', (before, after, level) => {
    expect(poissonEvidence(level, { before, after })).toBeCloseTo(0, 2);
  });

  it.each([
    [1 / 3, 18],
    [0.2, 31],
    [0.1, 66],
  ])('a share of %d is passed by %i times before chance is ruled out', (share, run) => {
    expect(missRunLength({ share, alpha: 1e-3 })).toBe(run);
  });

  it('an instance that has no share is never missed, one that has all of it at once', () => {
    expect(missRunLength({ share: 0, alpha: 1e-3 })).toBe(Number.POSITIVE_INFINITY);
    expect(missRunLength({ share: 1, alpha: 1e-3 })).toBe(1);
  });

  it('quantiles are nearest-rank', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([0, 0.5, 0.9, 0.99, 1].map((q) => quantile(values, q))).toEqual([1, 5, 9, 10, 10]);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it.each([
    [6, 1, 6],
    [10, 2, 9],
    [20, 6, 15],
    [30, 10, 21],
    [50, 18, 33],
  ])('the median of %i values lies between ranks %i and %i', (samples, low, high) => {
    const values = Array.from({ length: samples }, (_, i) => i + 1);
    expect(quantileInterval(values, 0.5)).toEqual([low, high]);
  });

  it('a quantile that few values cannot bound has no upper end', () => {
    const values = Array.from({ length: 300 }, (_, i) => i + 1);
    expect(quantileInterval(values, 0.99)[1]).toBe(Number.POSITIVE_INFINITY);
    expect(
      quantileInterval(
        values.concat(values).sort((a, b) => a - b),
        0.99,
      )[1],
    ).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(quantileInterval([], 0.5)).toEqual([0, Number.POSITIVE_INFINITY]);
    const many = Array.from({ length: 200_000 }, (_, i) => i + 1);
    const [low, high] = quantileInterval(many, 0.99);
    expect([Math.round(low / 100), Math.round(high / 100)]).toEqual([1979, 1981]);
  });

  it.each([
    [4, 2.776],
    [9, 2.262],
    [29, 2.045],
  ])('Student’s t at %i degrees of freedom is %d', (freedom, expected) => {
    expect(Math.abs(studentT95(freedom) - expected)).toBeLessThan(0.01);
  });

  it('bounds a mean, but not by one value', () => {
    const [low, high] = meanInterval([9, 10, 11, 10, 10]);
    expect([low.toFixed(2), high.toFixed(2)]).toEqual(['9.12', '10.88']);
    expect(meanInterval([5])).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it('tells bursts from chance', () => {
    const even = Array.from({ length: 10 }, () => ({ hits: 10, samples: 100 }));
    const burst = even.map((_, i) => ({ hits: i === 3 ? 100 : 0, samples: 100 }));
    expect(dispersion(even)).toBe(0);
    expect(dispersion(burst)).toBeCloseTo(111.1, 1);
    expect(dispersion([])).toBe(1);
  });

  it('finds the first item that is not before a time', () => {
    const items = [{ t: 1 }, { t: 3 }, { t: 3 }, { t: 7 }];
    expect([0, 1, 2, 3, 4, 8].map((t) => lowerBound(items, t, (item) => item.t))).toEqual([0, 0, 1, 1, 3, 4]);
  });
});

it('finds the largest few, as a stable sort would, and no more than there are', () => {
  const items = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5].map((size, i) => ({ size, i }));
  const sorted = items.toSorted((a, b) => b.size - a.size);
  for (const count of [0, 1, 3, 11, 20]) expect(largest(items, count, ({ size }) => size)).toEqual(sorted.slice(0, count));
});
