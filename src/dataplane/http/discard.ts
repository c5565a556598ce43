/** Watches over what is read for nobody: a sender that goes on for too long costs its connection, for what follows waits behind it. */
import type { Clock } from '../../core/clock.js';
import { Alarm } from '../alarm.js';

/** Of what nobody wants, so much is read and dropped for the sake of the connection. */
export const DISCARD_BYTES_MAX = 1024 * 1024;
/** How long what nobody wants may take to come. */
const DISCARD_MS_MAX = 5_000;

export class Discard {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #gaveUp: () => void;
  /** Undefined while nothing is dropped. */
  #byteCount: number | undefined;

  /** `gaveUp` is called once for what was started and is too much. */
  constructor(clock: Clock, gaveUp: () => void) {
    this.#clock = clock;
    this.#gaveUp = gaveUp;
    this.#alarm = new Alarm(clock, () => this.#end());
  }

  get isOn(): boolean {
    return this.#byteCount !== undefined;
  }

  start(): void {
    this.#byteCount = 0;
    this.#alarm.set(this.#clock.nowMs() + DISCARD_MS_MAX);
  }

  add(byteCount: number): void {
    if (this.#byteCount === undefined) return;
    this.#byteCount += byteCount;
    if (this.#byteCount > DISCARD_BYTES_MAX) this.#end();
  }

  stop(): void {
    if (this.#byteCount === undefined) return;
    this.#byteCount = undefined;
    this.#alarm.cancel();
  }

  #end(): void {
    this.stop();
    this.#gaveUp();
  }
}
