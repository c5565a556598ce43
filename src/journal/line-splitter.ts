/** Cuts bytes into lines as they come. What is kept between two pieces is bounded: of a line that is longer, the beginning is told and the rest dropped. */

const NEWLINE = 0x0a;

export class LineSplitter {
  readonly #heldBytesMax: number;
  readonly #onLine: (line: string, number: number) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #number = 0;

  /** `onLine`: without its newline; lines count from 1. */
  constructor(heldBytesMax: number, onLine: (line: string, number: number) => void) {
    this.#heldBytesMax = heldBytesMax;
    this.#onLine = onLine;
  }

  add(bytes: Buffer): void {
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      if (this.#heldBytes === 0) this.#tell(bytes.toString('utf8', from, to));
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
    const line = Buffer.concat(this.#held).toString();
    this.#held = [];
    this.#heldBytes = 0;
    this.#tell(line);
  }

  #tell(line: string): void {
    this.#number += 1;
    this.#onLine(line, this.#number);
  }
}
