/**
 * Keeps a body until it is whole. One that gets too large, or takes too long, is not waited for any more: an answer without an end would
 * otherwise be no answer at all.
 */
import type { Clock } from '../../core/clock.js';
import { Alarm } from '../alarm.js';
import { GrowingBytes } from './growing-bytes.js';

/** The longest that a head waits for its body. */
const COLLECT_MS_MAX = 10_000;
/** Bodies kept by all links of the process; beyond it none is waited for. */
const PROCESS_BYTES_MAX = 256 * 1024 * 1024;

export class BodyCollector {
  static #processBytes = 0;
  readonly #bytesMax: number;
  readonly #alarm: Alarm;
  readonly #gaveUp: () => void;
  readonly #bytes = new GrowingBytes();

  /** `gaveUp` is called from `add` or later if the body is not to be waited for; `take` what there is, then. */
  constructor(clock: Clock, bytesMax: number, gaveUp: () => void) {
    this.#bytesMax = bytesMax;
    this.#gaveUp = gaveUp;
    this.#alarm = new Alarm(clock, gaveUp);
    this.#alarm.set(clock.nowMs() + COLLECT_MS_MAX);
  }

  get byteCount(): number {
    return this.#bytes.length;
  }

  /** Copies these behind the others. */
  add(bytes: Buffer): void {
    const before = this.#bytes.roomBytes;
    this.#bytes.add(bytes);
    BodyCollector.#processBytes += this.#bytes.roomBytes - before;
    if (this.#bytes.length > this.#bytesMax || BodyCollector.#processBytes > PROCESS_BYTES_MAX) this.#gaveUp();
  }

  /** All that came. It keeps nothing, and waits for nothing, afterwards. */
  take(): Buffer {
    this.#alarm.cancel();
    BodyCollector.#processBytes -= this.#bytes.roomBytes;
    return this.#bytes.take();
  }
}
