/**
 * Watches over a caller that has half-closed. It may wait for its answer, or it may have given up: a closed socket looks just the same until
 * something is sent to it. So it is served on; but its exchanges are told of soon, and it is not served for ever.
 */
import type { Clock } from '../../core/clock.js';
import { Alarm } from '../alarm.js';

/** After so long without a byte, its exchanges are told of: hardly any HTTP client half-closes and waits on. */
const TELL_MS = 1_000;

export interface AbandonmentHost {
  /** Bytes that have left for the caller so far. */
  servedBytes(): number;
  /** Tells of its exchanges. True if a fault still holds what it sent, so that it must be kept for now. */
  tell(): boolean;
  /** Frees the sockets. Called once, last. */
  giveUp(): void;
}

export class Abandonment {
  readonly #clock: Clock;
  readonly #idleMsMax: number;
  readonly #host: AbandonmentHost;
  readonly #alarm: Alarm;
  #servedBytes = 0;
  #sinceMs = 0;

  /** `idleMsMax`: for how long it is served without a byte. */
  constructor(clock: Clock, idleMsMax: number, host: AbandonmentHost) {
    this.#clock = clock;
    this.#idleMsMax = idleMsMax;
    this.#host = host;
    this.#alarm = new Alarm(clock, () => this.#check());
  }

  /** The caller has half-closed. */
  watch(): void {
    this.#sinceMs = this.#clock.nowMs();
    this.#servedBytes = this.#host.servedBytes();
    this.#alarm.set(this.#sinceMs + Math.min(TELL_MS, this.#idleMsMax));
  }

  cancel(): void {
    this.#alarm.cancel();
  }

  #check(): void {
    if (this.#host.servedBytes() !== this.#servedBytes || this.#host.tell()) {
      this.watch();
      return;
    }
    const endMs = this.#sinceMs + this.#idleMsMax;
    if (this.#clock.nowMs() >= endMs) this.#host.giveUp();
    else this.#alarm.set(Math.min(this.#clock.nowMs() + TELL_MS, endMs));
  }
}
