/**
 * Copies of bodies that are under way. All together are bounded; beyond it the oldest are given up, for nobody tells of those whose connection has
 * ended in the middle: what is left of them is pushed out by the next.
 */

interface Copy {
  chunks: Buffer[];
  bytes: number;
}

export interface BodyCopy {
  /** The next bytes, which are copied. */
  add(bytes: Buffer): void;
  /** The whole body; undefined if it was given up. The copy is over. */
  take(): Buffer | undefined;
}

export class BodyCopies {
  readonly #bytesMax: number;
  readonly #copies = new Set<Copy>();
  #bytes = 0;

  constructor({ bytesMax }: { bytesMax: number }) {
    this.#bytesMax = bytesMax;
  }

  /** A body of more than `bytesMax` is given up. */
  start({ bytesMax }: { bytesMax: number }): BodyCopy {
    const copy: Copy = { chunks: [], bytes: 0 };
    this.#copies.add(copy);
    return {
      add: (bytes) => {
        if (!this.#copies.has(copy)) return;
        copy.chunks.push(Buffer.from(bytes));
        copy.bytes += bytes.length;
        this.#bytes += bytes.length;
        if (copy.bytes > bytesMax) this.#drop(copy);
        for (const oldest of this.#copies) {
          if (this.#bytes <= this.#bytesMax) return;
          this.#drop(oldest);
        }
      },
      take: () => (this.#drop(copy) ? Buffer.concat(copy.chunks) : undefined),
    };
  }

  /** False: it was given up before. */
  #drop(copy: Copy): boolean {
    if (!this.#copies.delete(copy)) return false;
    this.#bytes -= copy.bytes;
    return true;
  }
}
