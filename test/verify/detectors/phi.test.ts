/** The formulas of phi, held against the vectors of their authors’ and products’ own tests. */
import { describe, expect, it } from 'vitest';
import { keepIntervals } from '../../../src/verify/detectors/intervals.js';
import { negativeLog10NormalTail } from '../../../src/verify/detectors/normal-tail.js';
import { phiExponential, phiLogistic, phiNormal } from '../../../src/verify/detectors/phi.js';

const steady = { meanMs: 1_000, deviationMs: 100 };

describe('phi', () => {
  it.each([
    [1_000, 0.3010299956639812],
    [1_200, 1.6428278854871123],
    [1_400, 4.736694582705181],
    [1_600, 10.782600858295707],
    [1_700, 15.368525622645256],
    [900, 0.0750330321409399],
  ])('is Akka’s after %i ms of silence', (silentMs, expected) => {
    expect(phiLogistic(silentMs, steady)).toBeCloseTo(expected, 12);
  });

  it('is Akka’s next to nothing after half an interval', () => {
    expect(phiLogistic(500, steady)).toBeCloseTo(2.17689e-8, 12);
  });

  it('is Akka’s with a pause that is acceptable, on both sides of the threshold', () => {
    const withPause = { meanMs: 4_000, deviationMs: 100 };
    expect(phiLogistic(4_500, withPause)).toBeCloseTo(7.299947394460206, 12);
    expect([phiLogistic(4_522, withPause) < 8, phiLogistic(4_523, withPause) > 8]).toEqual([true, true]);
  });

  it('is Akka’s far out, and Infinity where its exponential is nothing', () => {
    expect(phiLogistic(10, { meanMs: 0, deviationMs: 1 })).toBeCloseTo(37.58471305287122, 10);
    expect(phiLogistic(23, { meanMs: 0, deviationMs: 1 })).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [2, 1.6430160801],
    [5, 6.5426456724],
    [10, 23.1180534055],
  ])('of a normal distribution is exact at %i deviations', (y, expected) => {
    expect(phiNormal(y, { meanMs: 0, deviationMs: 1 })).toBeCloseTo(expected, 9);
  });

  it.each([
    [1, 1.28155],
    [3, 3.09023],
    [8, 5.612],
    [12, 7.03448],
  ])('of %i is reached at so many deviations', (phi, y) => {
    expect(negativeLog10NormalTail(y)).toBeCloseTo(phi, 3);
  });

  it('is Cassandra’s, and exactly 8 at its threshold', () => {
    expect(phiExponential(1_000, 1_000)).toBeCloseTo(Math.LOG10E, 14);
    expect(phiExponential(5_000, 1_000)).toBeCloseTo(2.1714724095162588, 14);
    expect(phiExponential(18_420.680743952365, 1_000)).toBeCloseTo(8, 12);
    expect(phiExponential(18_421, 1_000)).toBeCloseTo(8.00014, 5);
  });
});

describe('the tail of the normal distribution', () => {
  it('has no step where the series ends and the fraction begins, and never falls', () => {
    let before = negativeLog10NormalTail(-12);
    for (let y = -12 + 1 / 64; y <= 60; y += 1 / 64) {
      const here = negativeLog10NormalTail(y);
      expect(here, `at ${y}`).toBeGreaterThanOrEqual(before);
      before = here;
    }
    const seam = 2 * Math.SQRT2;
    expect(negativeLog10NormalTail(seam + 1e-12) - negativeLog10NormalTail(seam - 1e-12)).toBeLessThan(1e-11);
  });

  it('is a half in the middle, and is symmetrical around it', () => {
    expect(negativeLog10NormalTail(0)).toBeCloseTo(Math.log10(2), 14);
    for (const y of [0.5, 1, 2, 3, 5]) {
      expect(10 ** -negativeLog10NormalTail(y) + 10 ** -negativeLog10NormalTail(-y), `at ${y}`).toBeCloseTo(1, 14);
    }
  });
});

describe('the intervals heard', () => {
  it('have the mean and the deviation of a population', () => {
    const intervals = keepIntervals(100);
    for (const ms of [100, 200, 125, 340, 130]) intervals.add(ms);
    const { meanMs, deviationMs } = intervals.rhythm();
    expect([meanMs, deviationMs ** 2]).toEqual([179, expect.closeTo(7_584, 9)]);
  });

  it('forget the oldest when there is no more room', () => {
    const intervals = keepIntervals(3);
    for (const ms of [1, 10, 20, 30]) intervals.add(ms);
    expect([intervals.count, intervals.rhythm().meanMs]).toEqual([3, 20]);
  });

  it('say so when nothing is known yet', () => {
    expect(() => keepIntervals(3).rhythm()).toThrow('no interval is known yet');
  });
});
