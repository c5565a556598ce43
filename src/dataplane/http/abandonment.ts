/**
 * Finds out whether a caller that has half-closed has given up: it has when no byte of an answer leaves for a while. Hardly any HTTP client
 * half-closes and waits on, and one that timed out looks just the same.
 */
import type { Clock } from '../../core/clock.js';
import { Alarm } from '../alarm.js';

/** How long a half-closed caller may go without a byte. */
const ABANDONED_MS = 1_000;

export interface AbandonmentHost {
  /** Bytes that have left for the caller so far. */
  servedBytes(): number;
  /** The caller has given up: tells of its exchanges. True if a fault still holds what it sent, so that it must be kept for now. */
  abandoned(): boolean;
  /** Frees the sockets. Called once, last. */
  giveUp(): void;
}

export class Abandonment {
  readonly #clock: Clock;
  readonly #host: AbandonmentHost;
  readonly #alarm: Alarm;
  #servedBytes = 0;

  constructor(clock: Clock, host: AbandonmentHost) {
    this.#clock = clock;
    this.#host = host;
    this.#alarm = new Alarm(clock, () => this.#check());
  }

  /** The caller has half-closed. */
  watch(): void {
    this.#servedBytes = this.#host.servedBytes();
    this.#alarm.set(this.#clock.nowMs() + ABANDONED_MS);
  }

  cancel(): void {
    this.#alarm.cancel();
  }

  #check(): void {
    const isServed = this.#host.servedBytes() !== this.#servedBytes;
    if (isServed || this.#host.abandoned()) this.watch();
    else this.#host.giveUp();
  }
}
