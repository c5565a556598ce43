/** Bounds the values of a label, so that a thousand proxies a minute cannot fill Prometheus: names that come too late share one. */
import { LABEL_VALUES_MAX } from './families.js';

const OTHER = 'other';

export class LabelValues {
  readonly #known = new Set<string>();
  readonly #max: number;

  constructor(max = LABEL_VALUES_MAX) {
    this.#max = max;
  }

  /** The value itself, or `other` once there are too many. */
  bounded(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#max) return OTHER;
    this.#known.add(value);
    return value;
  }
}
