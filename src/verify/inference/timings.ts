/** Times in ascending order of which some were kept one by one and others in histograms: by rank, without writing each of millions out. */
import type { JsHistogram } from 'hdr-histogram-js';
import { ascending, type Ordered } from './statistics.js';

/** So many times the same. */
export interface Counted {
  value: number;
  count: number;
}

interface Step {
  value: number;
  /** How many are not larger. */
  upTo: number;
}

export class Timings implements Ordered {
  readonly length: number;
  /** Those kept one by one, in order; empty where some are summed. */
  readonly #values: Float64Array;
  readonly #steps: readonly Step[];

  /** `valuesMs` in any order; Infinity is longer than any limit. */
  constructor(valuesMs: ArrayLike<number>, summed: readonly Counted[] = []) {
    const counted = summed.filter(({ count }) => count > 0);
    this.#values = counted.length === 0 ? ascending(valuesMs) : new Float64Array();
    this.#steps = counted.length === 0 ? [] : stepsOf([...Array.from(valuesMs, (value) => ({ value, count: 1 })), ...counted]);
    this.length = this.#steps.at(-1)?.upTo ?? this.#values.length;
  }

  at(index: number): number | undefined {
    if (this.#steps.length === 0) return this.#values.at(index);
    let low = 0;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#steps[middle]?.upTo ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return this.#steps[low]?.value;
  }
}

function stepsOf(counted: Counted[]): Step[] {
  let upTo = 0;
  return counted
    .sort((a, b) => (a.value === b.value ? 0 : a.value - b.value))
    .map(({ value, count }) => {
      upTo += count;
      return { value, upTo };
    });
}

/** Values in ms, each the middle of what its histogram does not tell apart. */
export function countsOf(histogramUs: JsHistogram): Counted[] {
  const counts: Counted[] = [];
  const values = histogramUs.recordedValuesIterator;
  values.reset();
  while (values.hasNext()) {
    const { countAtValueIteratedTo: count, valueIteratedTo } = values.next();
    counts.push({ value: histogramUs.medianEquivalentValue(valueIteratedTo) / 1e3, count });
  }
  return counts;
}
