/** Bytes that one side of a relay keeps for later: what could not be parsed yet, or must not go on yet. Copies, so nobody lends them. */
import type { Clock } from '../../core/clock.js';
import type { Wire } from '../wire.js';
import { Chunk } from './chunk.js';

const EMPTY = Buffer.alloc(0);

export class KeptBytes {
  readonly #clock: Clock;
  #bytes: Buffer = EMPTY;
  #sinceMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** Copies these behind the others. `sinceMs`: when they came, if that was not now. */
  append(bytes: Buffer, sinceMs = this.#clock.nowMs()): void {
    if (bytes.length === 0) return;
    if (this.#bytes.length === 0) this.#sinceMs = sinceMs;
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }

  /** What is kept and these behind it, to be parsed; without a copy if nothing is kept. */
  join(bytes: Buffer, source: Wire | undefined): Chunk {
    if (this.#bytes.length === 0) return new Chunk(bytes, { source, nowMs: this.#clock.nowMs() });
    this.append(bytes);
    return this.take();
  }

  /** Hands all over. */
  take(): Chunk {
    const bytes = this.#bytes;
    this.#bytes = EMPTY;
    const nowMs = this.#clock.nowMs();
    return new Chunk(bytes, { source: undefined, nowMs, sinceMs: bytes.length === 0 ? nowMs : this.#sinceMs });
  }
}
