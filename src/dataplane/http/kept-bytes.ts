/** Bytes that one side of a relay keeps for later: what could not be parsed yet, or must not go on yet. Copies, so nobody lends them. */
const EMPTY = Buffer.alloc(0);

export class KeptBytes {
  #bytes: Buffer = EMPTY;
  #sinceMs = 0;

  get length(): number {
    return this.#bytes.length;
  }

  /** When the oldest of them came; meaningful while there are any. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Copies these behind the others. */
  append(bytes: Buffer, nowMs: number): void {
    if (bytes.length === 0) return;
    if (this.#bytes.length === 0) this.#sinceMs = nowMs;
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }

  /** Hands them all over. */
  take(): Buffer {
    const bytes = this.#bytes;
    this.#bytes = EMPTY;
    return bytes;
  }
}
