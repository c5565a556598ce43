/**
 * The bounded stream of observations. Writers never wait: at the bound the oldest are overwritten, and a reader that comes too late is
 * told how many it lost, so that nobody judges from an incomplete stream without knowing.
 */
import type { Clock } from '../core/clock.js';
import type { Observation } from '../journal/observations.js';

/** Traffic is handed over so often at most: a reader that is answered for each request costs more than the requests. */
const TRAFFIC_EVERY_MS = 200;
/** What else happens is handed over so soon, with what comes right behind it. */
const NEWS_AFTER_MS = 20;

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
  /** Sequence number of the newest that is not traffic. */
  #newestNews = 0;
  #wakesAtMs = Number.POSITIVE_INFINITY;

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
    const isTraffic = observation.kind === 'exchange' || observation.kind === 'connection';
    if (!isTraffic) this.#newestNews = this.#newest;
    if (this.#waiting.size > 0) this.#wakeIn(isTraffic ? TRAFFIC_EVERY_MS : NEWS_AFTER_MS);
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

  /** As `read`, but waits up to `waitMs` for the first observation, and a moment for more of the same if it is traffic. */
  async readOrWait(given: { after: number; max: number; waitMs: number; signal?: AbortSignal }): Promise<ObservationPage> {
    const { after, max, waitMs, signal } = given;
    const unread = this.#newest - after;
    const isDue = this.#newestNews > after || unread >= max;
    if (!isDue && waitMs > 0) await this.#wait(unread > 0 ? Math.min(waitMs, TRAFFIC_EVERY_MS) : waitMs, signal);
    return this.read(after, max);
  }

  /** Readers are woken a little later, so that one answer carries many observations. */
  #wakeIn(delayMs: number): void {
    const dueMs = this.#clock.nowMs() + delayMs;
    if (dueMs >= this.#wakesAtMs) return;
    this.#wakesAtMs = dueMs;
    this.#clock.after(delayMs, () => {
      if (this.#wakesAtMs !== dueMs) return;
      this.#wakesAtMs = Number.POSITIVE_INFINITY;
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
