/** One wait that can be set anew. Timers are allowed to fire early; an alarm is not: it looks at the clock and waits for the rest. */
import type { Clock, Timer } from '../core/clock.js';

export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #dueMs = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings once at `dueMs` or later; never if that is Infinity. Replaces what was set before. */
  set(dueMs: number): void {
    this.cancel();
    this.#dueMs = dueMs;
    this.#arm();
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    if (this.#dueMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(Math.max(0, this.#dueMs - this.#clock.nowMs()), this.#fired);
  }

  readonly #fired = (): void => {
    this.#timer = undefined;
    if (this.#clock.nowMs() < this.#dueMs) this.#arm();
    else this.#ring();
  };
}
