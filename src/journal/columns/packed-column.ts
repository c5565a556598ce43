/**
 * Millions of numbers, a few bytes each: a chunk holds what its numbers have above the smallest of them, as narrow as that allows, and nothing where they are all
 * the same. Exact for whatever a double holds; only numbers that lie near each other in a chunk are small.
 */

const CHUNK_BITS = 12;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;

type Packed = Uint8Array | Uint16Array | Uint32Array | Float64Array;
/** Of a chunk whose numbers are all the same. */
const NONE = new Uint8Array(0);

export class PackedColumn {
  readonly #chunks: Packed[] = [];
  readonly #bases: number[] = [];
  readonly #open = new Float64Array(CHUNK);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was pushed last; 0 if nothing was. */
  get last(): number {
    return this.#open[(this.#length - 1) & MASK] ?? 0;
  }

  push(value: number): void {
    this.#open[this.#length & MASK] = value;
    this.#length += 1;
    if ((this.#length & MASK) === 0) this.#seal();
  }

  /** Of a row that there is; anything else gives no meaningful number. */
  at(row: number): number {
    const place = row >>> CHUNK_BITS;
    const chunk = this.#chunks[place];
    return chunk === undefined ? (this.#open[row & MASK] ?? 0) : (this.#bases[place] ?? 0) + (chunk[row & MASK] ?? 0);
  }

  #seal(): void {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let areWhole = true;
    for (const value of this.#open) {
      if (value < low) low = value;
      if (value > high) high = value;
      areWhole &&= Number.isSafeInteger(value);
    }
    // Numbers that are further apart than a double counts would not come back exactly.
    const isNear = areWhole && Number.isSafeInteger(high - low);
    const base = isNear ? low : 0;
    this.#bases.push(base);
    this.#chunks.push(isNear ? this.#above(base, high - low) : this.#open.slice());
  }

  #above(base: number, range: number): Packed {
    if (range === 0) return NONE;
    const packed = emptyFor(range);
    for (let i = 0; i < CHUNK; i += 1) packed[i] = (this.#open[i] ?? 0) - base;
    return packed;
  }
}

function emptyFor(range: number): Packed {
  if (range < 2 ** 8) return new Uint8Array(CHUNK);
  if (range < 2 ** 16) return new Uint16Array(CHUNK);
  return range < 2 ** 32 ? new Uint32Array(CHUNK) : new Float64Array(CHUNK);
}
