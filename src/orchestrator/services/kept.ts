/**
 * What is done to somebody for as long as it is asked for, in turns where it needs them, and taken back when nobody has asked for a lease. What a
 * reader gets wrong: it is not the end that needs somebody who asks for it, but the going on.
 */
import type { Clock, Timer } from '../../core/clock.js';

/** Does the next turn, and says after how many milliseconds another is due: infinite for never. */
export type Turn = () => number;

/** What is done to somebody, and how it is taken back. */
export interface Deed {
  /** The first is done at once. */
  turn: Turn;
  /** Takes back what the turns have done; called once, unless it is forgotten. */
  undo(): void;
}

export interface Keep extends Deed {
  leaseMs: number;
}

interface Keeping extends Keep {
  renewedMs: number;
  turnDueMs: number;
  timer: Timer;
}

export class Kept<K> {
  readonly #clock: Clock;
  readonly #kept = new Map<K, Keeping>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whatever was done to the key before is replaced. */
  keep(key: K, keep: Keep): void {
    this.#kept.get(key)?.timer.cancel();
    const nowMs = this.#clock.nowMs();
    const keeping: Keeping = { ...keep, renewedMs: nowMs, turnDueMs: nowMs, timer: { cancel: () => {} } };
    this.#kept.set(key, keeping);
    this.#goOn(key, keeping);
  }

  /** All of them. */
  renew(): void {
    for (const keeping of this.#kept.values()) keeping.renewedMs = this.#clock.nowMs();
  }

  /** Takes it back; nothing happens to who is not kept. */
  free(key: K): void {
    const keeping = this.#kept.get(key);
    if (this.forget(key)) keeping?.undo();
  }

  /** One that cannot be taken back keeps no other from it. */
  freeAll(): void {
    for (const key of this.#kept.keys()) {
      try {
        this.free(key);
      } catch {
        // Whoever asked for it looks at the process.
      }
    }
  }

  /** There is nobody left to be freed. True if it was kept. */
  forget(key: K): boolean {
    this.#kept.get(key)?.timer.cancel();
    return this.#kept.delete(key);
  }

  #goOn(key: K, keeping: Keeping): void {
    const nowMs = this.#clock.nowMs();
    const leftMs = keeping.renewedMs + keeping.leaseMs - nowMs;
    if (leftMs <= 0) {
      this.free(key);
      return;
    }
    if (nowMs >= keeping.turnDueMs) keeping.turnDueMs = nowMs + keeping.turn();
    keeping.timer = this.#clock.after(Math.min(leftMs, keeping.turnDueMs - nowMs), () => this.#goOn(key, keeping));
  }
}
