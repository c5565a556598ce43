/** Cuts bytes into lines as they come. What is kept between two pieces is bounded: of a line that is longer, the beginning is told and the rest dropped. */
import { emptyLatin, type Latin } from './columns/latin.js';

const NEWLINE = 0x0a;

export class LineSplitter {
  readonly #heldBytesMax: number;
  readonly #onLine: (line: Readonly<Latin>, number: number) => void;
  readonly #line: Latin = emptyLatin();
  #held: Buffer[] = [];
  #heldBytes = 0;
  #number = 0;

  /** `onLine`: where the bytes of a line lie, without its newline, until it returns; lines count from 1. */
  constructor(heldBytesMax: number, onLine: (line: Readonly<Latin>, number: number) => void) {
    this.#heldBytesMax = heldBytesMax;
    this.#onLine = onLine;
  }

  add(bytes: Buffer): void {
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      if (this.#heldBytes === 0) this.#tell(bytes, from, to);
      else {
        this.#hold(bytes.subarray(from, to));
        this.#tellHeld();
      }
      from = to + 1;
    }
    if (from < bytes.length) this.#hold(bytes.subarray(from));
  }

  /** The last line may have no newline. */
  end(): void {
    if (this.#heldBytes > 0) this.#tellHeld();
  }

  #hold(bytes: Buffer): void {
    const part = bytes.subarray(0, this.#heldBytesMax - this.#heldBytes);
    // A copy: the piece that it came in would be kept whole by a view of it.
    if (part.length > 0) this.#held.push(Buffer.from(part));
    this.#heldBytes += part.length;
  }

  #tellHeld(): void {
    const line = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    this.#tell(line, 0, line.length);
  }

  #tell(bytes: Buffer, from: number, to: number): void {
    this.#number += 1;
    this.#line.bytes = bytes;
    this.#line.from = from;
    this.#line.to = to;
    this.#onLine(this.#line, this.#number);
  }
}
