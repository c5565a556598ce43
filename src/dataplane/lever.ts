/** The lever that keeps faults off a daemon: pulled, it refuses whoever wants to put one on, until it is released again. */
import type { Clock } from '../core/clock.js';
import { LabError } from '../core/errors.js';

export class Lever {
  readonly #clock: Clock;
  #pulled: { reason: string; since: string } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Since when and why; null while it is not pulled. */
  get pulled(): { reason: string; since: string } | null {
    return this.#pulled;
  }

  /** The first reason stands. */
  pull(reason: string): void {
    this.#pulled ??= { reason, since: new Date(this.#clock.wallMs()).toISOString() };
  }

  release(): void {
    this.#pulled = null;
  }

  /** Throws HALTED while it is pulled. */
  refuse(): void {
    if (this.#pulled !== null) throw new LabError('HALTED', this.#pulled);
  }
}
