import { describe, expect, it } from 'vitest';
import { correlatedDraws, DISTRIBUTIONS, normalQuantile, normalShare, quantile } from '../../src/core/distribution.js';
import { drawStream, keyedDraw } from '../../src/core/random.js';

const drawsOf = (seed: number): (() => number) => drawStream(keyedDraw({ seed, faultId: 'distribution' }), 'test');

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe('the normal distribution', () => {
  it.each([
    [0.5, 0],
    [0.841345, 1],
    [0.975, 1.959964],
    [0.025, -1.959964],
    [0.99865, 3],
  ])('a share of %d lies below %d', (share, z) => {
    expect(normalQuantile(share)).toBeCloseTo(z, 3);
    expect(normalShare(z)).toBeCloseTo(share, 5);
  });
});

describe('a quantile', () => {
  it('is the centre without a spread, whatever the distribution', () => {
    for (const name of DISTRIBUTIONS) expect(quantile({ name, centre: 100, spread: 0 }, 0.9)).toBe(100);
  });

  it('is never below zero and always finite, at the ends too', () => {
    for (const name of DISTRIBUTIONS)
      for (const centre of [0, 1, 100])
        for (const draw of [0, 2 ** -32, 0.5, 1 - 2 ** -32]) {
          const value = quantile({ name, centre, spread: 1_000 }, draw);
          expect(value, `${name} ${centre} ${draw}`).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(value), `${name} ${centre} ${draw}`).toBe(true);
        }
  });

  it('grows with the draw', () => {
    for (const name of DISTRIBUTIONS) {
      const values = Array.from({ length: 101 }, (_, i) => quantile({ name, centre: 100, spread: 20 }, i / 101));
      expect(values, name).toEqual(values.toSorted((a, b) => a - b));
    }
  });

  it.each([
    ['normal', 20],
    ['lognormal', 20],
    ['lognormal', 150],
    ['pareto', 20],
  ] as const)('of %s with a deviation of %d has that mean and that deviation', (name, spread) => {
    const draw = drawsOf(1);
    const { mean, deviation } = momentsOf(Array.from({ length: 100_000 }, () => quantile({ name, centre: 100, spread }, draw())));
    expect(Math.abs(mean - 100)).toBeLessThan(2);
    // The tail of a Pareto is seen so rarely that its deviation is a rough figure.
    expect(Math.abs(deviation / spread - 1)).toBeLessThan(name === 'pareto' ? 0.3 : 0.05);
  });

  it('of uniform reaches from one end to the other', () => {
    const uniform = { name: 'uniform', centre: 100, spread: 20 } as const;
    expect([0, 0.25, 0.5, 1].map((draw) => quantile(uniform, draw))).toEqual([80, 90, 100, 120]);
  });

  it('of pareto has a least and no most', () => {
    const pareto = { name: 'pareto', centre: 100, spread: 20 } as const;
    expect(quantile(pareto, 0)).toBeGreaterThan(80);
    expect(quantile(pareto, 1 - 2 ** -32)).toBeGreaterThan(1_000);
  });
});

describe('correlated draws', () => {
  const correlationOf = (values: readonly number[]): number => {
    const { mean, deviation } = momentsOf(values);
    let sum = 0;
    for (let i = 1; i < values.length; i++) sum += ((values[i] ?? 0) - mean) * ((values[i - 1] ?? 0) - mean);
    return sum / (values.length - 1) / deviation ** 2;
  };

  it('are the source itself without correlation', () => {
    const source = drawsOf(1);
    expect(correlatedDraws(source, 0)).toBe(source);
  });

  it.each([0.25, 0.75, 0.95])('resemble the one before by %d, and stay uniform', (correlation) => {
    const draw = correlatedDraws(drawsOf(2), correlation);
    const values = Array.from({ length: 50_000 }, draw);
    expect(Math.abs(correlationOf(values) - correlation)).toBeLessThan(0.04);
    const { mean, deviation } = momentsOf(values);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(deviation - Math.sqrt(1 / 12))).toBeLessThan(0.02);
  });

  it('are all the same with full correlation', () => {
    const draw = correlatedDraws(drawsOf(3), 1);
    const first = draw();
    expect([draw(), draw()]).toEqual([first, first]);
  });
});
