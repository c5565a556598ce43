/**
 * How long things take, from one uniform draw: quantile functions, so that a keyed draw gives the same delay on every machine. What a reader
 * gets wrong: the spread is the largest deviation for `uniform` and the standard deviation for the others, whose mean is the centre.
 */
import { strict as assert } from 'node:assert';

export const DISTRIBUTIONS = ['uniform', 'normal', 'lognormal', 'pareto'] as const;
export type DistributionName = (typeof DISTRIBUTIONS)[number];

/** Centre and spread have the same unit, and so has what is drawn. */
export interface Distribution {
  name: DistributionName;
  centre: number;
  spread: number;
}

/** Draws are in [0, 1) with 32 bits; the ends are kept away from, where quantiles are infinite. */
const EDGE = 2 ** -33;

/** The value below which a share of `draw` lies, never less than zero. Without a spread, or for a tailed one around zero, it is the centre. */
export function quantile({ name, centre, spread }: Distribution, draw: number): number {
  if (spread === 0) return centre;
  const u = Math.min(Math.max(draw, EDGE), 1 - EDGE);
  switch (name) {
    case 'uniform':
      return Math.max(0, centre + spread * (2 * draw - 1));
    case 'normal':
      return Math.max(0, centre + spread * normalQuantile(u));
    case 'lognormal': {
      if (centre === 0) return 0;
      const variance = Math.log1p((spread / centre) ** 2);
      return centre * Math.exp(Math.sqrt(variance) * normalQuantile(u) - variance / 2);
    }
    case 'pareto': {
      if (centre === 0) return 0;
      const shape = 1 + Math.hypot(1, centre / spread);
      return ((centre * (shape - 1)) / shape) * (1 - u) ** (-1 / shape);
    }
  }
}

/**
 * Draws that resemble the one before: each is uniform still, and neighbours correlate by `correlation` (0…1, in the normal scale). With 0 it
 * is the source itself.
 */
export function correlatedDraws(random: () => number, correlation: number): () => number {
  assert(correlation >= 0 && correlation <= 1, 'a correlation is 0…1');
  if (correlation === 0) return random;
  let last: number | undefined;
  return () => {
    const fresh = normalQuantile(Math.min(Math.max(random(), EDGE), 1 - EDGE));
    last = last === undefined ? fresh : correlation * last + Math.sqrt(1 - correlation ** 2) * fresh;
    return normalShare(last);
  };
}

/** Abramowitz and Stegun 26.2.23; off by less than 4.5e-4. */
export function normalQuantile(share: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(share, 1 - share)));
  const z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return share < 0.5 ? -z : z;
}

/** The share of a normal population below `z`. Abramowitz and Stegun 26.2.17; off by less than 7.5e-8. */
export function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return z < 0 ? above : 1 - above;
}
