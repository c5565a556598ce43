/**
 * The statistics that verdicts rest on, as plain functions. A reader would get wrong that "none seen" is a figure: zero of n events still
 * leaves a rate of up to about 3/n, and every test that scans many places must divide its false-alarm chance among them.
 */
import assert from 'node:assert/strict';
import { firstWhere } from '../../journal/columns/row-order.js';

export type Interval = readonly [low: number, high: number];

/** The two-sided 95 % point of the normal distribution. */
export const Z95 = 1.959964;

/** Alarm threshold of every CUSUM here: on average at most one false alarm in a million observations (Lorden's bound e^h). */
export const CUSUM_ALARM = Math.log(1e6);

/** 95 % interval for a share of which `hits` of `samples` were seen. With no samples it is all of [0, 1]. */
export function wilson(hits: number, samples: number, z = Z95): Interval {
  assert(hits >= 0 && hits <= samples, `${hits} of ${samples} is no share`);
  if (samples === 0) return [0, 1];
  const share = hits / samples;
  const shrink = 1 + (z * z) / samples;
  const centre = (share + (z * z) / (2 * samples)) / shrink;
  const half = (z * Math.sqrt((share * (1 - share)) / samples + (z * z) / (4 * samples * samples))) / shrink;
  return [hits === 0 ? 0 : centre - half, hits === samples ? 1 : centre + half];
}

/** The largest rate that could still have produced no event in `samples`, at confidence 1 − `alpha`. About 3/n at 95 %. */
export function zeroEventBound(samples: number, alpha = 0.05): number {
  return samples <= 0 ? 1 : 1 - alpha ** (1 / samples);
}

/** The largest rate of events that could still have produced none in `exposure`, at confidence 1 − `alpha`. About 3/exposure at 95 %. */
export function zeroEventRateMax(exposure: number, alpha = 0.05): number {
  return exposure <= 0 ? Number.POSITIVE_INFINITY : -Math.log(alpha) / exposure;
}

/** What one observation adds to the log-likelihood ratio of `after` against `before`. */
export interface Evidence {
  hit: number;
  miss: number;
}
/** Evidence of a yes/no observation for the share `after` against the share `before`; both strictly between 0 and 1. */
export function bernoulliEvidence({ before, after }: { before: number; after: number }): Evidence {
  return { hit: Math.log(after / before), miss: Math.log((1 - after) / (1 - before)) };
}

/** Evidence of a count for the Poisson mean `after` against the mean `before`. */
export function poissonEvidence(count: number, { before, after }: { before: number; after: number }): number {
  return count * Math.log(after / before) - (after - before);
}

/** What rounding leaves of evidence that cancels out; a sum that never quite gets back to zero would date a change far too early. */
const ROUNDING = 1e-9;

/** One step of a CUSUM: evidence adds up, but never falls below "nothing has changed yet". */
export function cusum(sum: number, evidence: number): number {
  const next = sum + evidence;
  return next < ROUNDING ? 0 : next;
}

/** How many requests in a row must pass by an instance of this share before chance (`alpha`) no longer explains it. */
export function missRunLength({ share, alpha }: { share: number; alpha: number }): number {
  if (share >= 1) return 1;
  return share <= 0 ? Number.POSITIVE_INFINITY : Math.ceil(Math.log(alpha) / Math.log(1 - share));
}

/** Put in order; several times as fast as an array with a comparison. */
export function ascending(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** The few that are largest, in descending order; of those that are as large, the first. */
export function largest<T>(items: Iterable<T>, count: number, sizeOf: (item: T) => number): T[] {
  const found: { item: T; size: number }[] = [];
  for (const item of items) {
    const size = sizeOf(item);
    if (found.length === count && size <= (found.at(-1)?.size ?? 0)) continue;
    const place = found.findIndex((other) => other.size < size);
    found.splice(place < 0 ? found.length : place, 0, { item, size });
    found.length = Math.min(found.length, count);
  }
  return found.map(({ item }) => item);
}

/** Values in ascending order, by rank. */
export interface Ordered {
  readonly length: number;
  /** Undefined beyond the last. */
  at(index: number): number | undefined;
}

/** Nearest-rank quantile; NaN of none. */
export function quantile(ascending: Ordered, q: number): number {
  if (ascending.length === 0) return Number.NaN;
  return ascending.at(Math.min(ascending.length - 1, Math.max(0, Math.ceil(q * ascending.length) - 1))) ?? Number.NaN;
}

/** Of values in any order; NaN of none. */
export function median(values: ArrayLike<number>): number {
  return quantile(ascending(values), 0.5);
}

/**
 * 95 % interval of a quantile by order statistics, without a model. Infinity where so few values do not bound it from above: below 59 for
 * the 0.95 quantile, 299 for the 0.99 quantile (each side by itself holds at 97.5 %, so it takes a few more).
 */
export function quantileInterval(ascending: Ordered, q: number): Interval {
  const samples = ascending.length;
  if (samples === 0) return [0, Number.POSITIVE_INFINITY];
  const low = binomialQuantile(samples, q, 0.025);
  const high = binomialQuantile(samples, q, 0.975) + 1;
  return [low === 0 ? 0 : (ascending.at(low - 1) ?? 0), ascending.at(high - 1) ?? Number.POSITIVE_INFINITY];
}

/** The smallest count that a binomial variable does not exceed with probability `at`. */
function binomialQuantile(samples: number, share: number, at: number): number {
  // From ten deviations below the mean on: what lies under that is nothing, and the probability of zero would underflow for many samples.
  const deviation = Math.sqrt(samples * share * (1 - share));
  const first = Math.max(0, Math.floor(samples * share - 10 * deviation));
  let log = logChoose(samples, first) + first * Math.log(share) + (samples - first) * Math.log1p(-share);
  let sum = Math.exp(log);
  let count = first;
  while (sum < at && count < samples) {
    log += Math.log(((samples - count) / (count + 1)) * (share / (1 - share)));
    sum += Math.exp(log);
    count += 1;
  }
  return count;
}

function logChoose(samples: number, chosen: number): number {
  let log = 0;
  for (let i = 1; i <= chosen; i++) log += Math.log((samples - chosen + i) / i);
  return log;
}

/** 95 % interval of a mean, by Student's t. One value, or none, bounds nothing. */
export function meanInterval(values: readonly number[]): Interval {
  const samples = values.length;
  if (samples < 2) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const mean = values.reduce((sum, value) => sum + value, 0) / samples;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples - 1);
  const half = studentT95(samples - 1) * Math.sqrt(variance / samples);
  return [mean - half, mean + half];
}

/** The two-sided 95 % point of Student's t, by its Cornish-Fisher expansion; within 1 % from 4 degrees of freedom on. */
export function studentT95(freedom: number): number {
  const z = Z95;
  const first = (z ** 3 + z) / (4 * freedom);
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3);
  return z + first + second + third;
}

/**
 * How much more hits differ from bin to bin than independent chance explains: variance over mean, 1 when they are independent. Large when
 * failures come in bursts, and then another run can differ from this one by more than an interval says.
 */
export function dispersion(bins: readonly { hits: number; samples: number }[]): number {
  const full = bins.filter((bin) => bin.samples > 0);
  const hits = full.reduce((sum, bin) => sum + bin.hits, 0);
  const samples = full.reduce((sum, bin) => sum + bin.samples, 0);
  if (full.length < 2 || hits === 0 || hits === samples) return 1;
  const share = hits / samples;
  const squares = full.reduce((sum, bin) => sum + (bin.hits - bin.samples * share) ** 2 / (bin.samples * share * (1 - share)), 0);
  return squares / (full.length - 1);
}

/** Index of the first item whose key is not below `key`; items are in ascending order of key. */
export function lowerBound<T>(items: Pick<readonly T[], 'length' | 'at'>, key: number, keyOf: (item: T) => number): number {
  return firstWhere(0, items.length, (i) => {
    const item = items.at(i);
    return item === undefined || keyOf(item) >= key;
  });
}
