/**
 * What has been taken of one stream. Batches may come twice, because an acknowledgement was lost, or leave out observations that the agent had no room
 * for; each observation is handed on once, and what never comes is counted.
 */
import type { Batch } from './batch.js';
import type { ShippedObservation } from './read-observation.js';

export class StreamIntake {
  #next = 1;
  #lost = 0;
  #hasEnded = false;

  /** Number of the observation that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Never came, or could not be read. */
  get lost(): number {
    return this.#lost;
  }

  /** The last batch has been taken: nothing is missing that is not counted. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Those that were not taken before, in order. */
  take({ head, observations, unreadable }: Batch): readonly ShippedObservation[] {
    const { from, count, isLast } = head;
    this.#hasEnded ||= isLast;
    const end = from + count;
    if (end <= this.#next && count > 0) return [];
    this.#lost += Math.max(0, from - this.#next);
    const known = Math.max(0, this.#next - from);
    this.#next = Math.max(this.#next, end);
    if (unreadable === 0) return observations.slice(known);
    // Which of them it was that cannot be read is not known any more; an agent sends whole batches again, never parts.
    this.#lost += unreadable;
    return observations;
  }
}
