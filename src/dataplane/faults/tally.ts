/**
 * The how-manieth of its key something is. Keys come from the wire, so they are remembered as hashes and only so many of them: whoever has not been
 * seen for longest is forgotten, and counts from one again.
 */
import { hash32 } from '../../core/random.js';

export const TALLY_KEYS_MAX = 10_000;

export class Tally {
  readonly #counts = new Map<number, number>();

  /** 1 for the first of this key. */
  next(key: string): number {
    const hash = hash53(key);
    const count = (this.#counts.get(hash) ?? 0) + 1;
    this.#counts.delete(hash);
    this.#counts.set(hash, count);
    if (this.#counts.size > TALLY_KEYS_MAX) this.#counts.delete(this.#counts.keys().next().value as number);
    return count;
  }
}

/** As many bits as a number holds exactly: among so few keys, two that share them are not to be expected. */
function hash53(text: string): number {
  return hash32(1, text) * 2 ** 21 + (hash32(2, text) >>> 11);
}
