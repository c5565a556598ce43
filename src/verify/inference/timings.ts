/** Times in ascending order of which some were kept one by one and others in histograms: by rank, without writing each of millions out. */
import type { JsHistogram } from 'hdr-histogram-js';
import type { Ordered } from './statistics.js';

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
  readonly #steps: readonly Step[];

  /** `valuesMs` in any order; Infinity is longer than any limit. */
  constructor(valuesMs: readonly number[], summed: readonly Counted[] = []) {
    const counted = [...valuesMs.map((value) => ({ value, count: 1 })), ...summed.filter(({ count }) => count > 0)];
    let upTo = 0;
    this.#steps = counted
      .sort((a, b) => (a.value === b.value ? 0 : a.value - b.value))
      .map(({ value, count }) => {
        upTo += count;
        return { value, upTo };
      });
    this.length = upTo;
  }

  at(index: number): number | undefined {
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
