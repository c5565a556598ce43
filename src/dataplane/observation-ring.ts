/**
 * The bounded stream of observations. Writers never wait: at the bound the oldest are overwritten, and a reader that comes too late is
 * told how many it lost, so that nobody judges from an incomplete stream without knowing.
 */
import type { Clock } from '../core/clock.js';
import type { Observation } from '../journal/observations.js';

/** About a quarter of an hour at 200 requests a second; some 60 MB when full. */
export const OBSERVATIONS_MAX = 200_000;

export interface ObservationPage {
  observations: readonly Observation[];
  /** Ask for what comes after this. */
  next: number;
  /** How many between `after` and the first one here were overwritten. */
  lost: number;
}

export class ObservationRing {
  readonly #slots: (Observation | undefined)[];
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  /** Sequence number of the newest; the first observation is 1. */
  #newest = 0;
  #wakePending = false;

  constructor(clock: Clock, capacity: number = OBSERVATIONS_MAX) {
    this.#clock = clock;
    this.#slots = Array.from({ length: capacity });
  }

  get newest(): number {
    return this.#newest;
  }

  /** Called on the data path: one store, no copy. The observation belongs to the ring from here on. */
  push(observation: Observation): void {
    this.#newest += 1;
    this.#slots[this.#newest % this.#slots.length] = observation;
    if (this.#waiting.size > 0 && !this.#wakePending) this.#wakeSoon();
  }

  /** At most `max` observations after sequence number `after`, at once. */
  read(after: number, max: number): ObservationPage {
    const oldest = Math.max(1, this.#newest - this.#slots.length + 1);
    const first = Math.max(after + 1, oldest);
    const last = Math.min(this.#newest, first + max - 1);
    const observations: Observation[] = [];
    for (let sequence = first; sequence <= last; sequence++) {
      const observation = this.#slots[sequence % this.#slots.length];
      if (observation !== undefined) observations.push(observation);
    }
    return { observations, next: Math.max(after, last), lost: Math.max(0, first - after - 1) };
  }

  /** As `read`, but waits up to `waitMs` for the first observation. */
  async readOrWait(given: { after: number; max: number; waitMs: number; signal?: AbortSignal }): Promise<ObservationPage> {
    if (given.after >= this.#newest && given.waitMs > 0) await this.#wait(given.waitMs, given.signal);
    return this.read(given.after, given.max);
  }

  /** Readers are woken a little later, so that one answer carries many observations. */
  #wakeSoon(): void {
    this.#wakePending = true;
    this.#clock.after(20, () => {
      this.#wakePending = false;
      for (const wake of this.#waiting) wake();
    });
  }

  #wait(waitMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = this.#clock.after(waitMs, done);
      this.#waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
