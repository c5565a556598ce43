/**
 * Many different short strings, each kept once and named by a number: equal strings have equal numbers, so whoever joins by them compares numbers. Their characters lie
 * side by side in blocks outside of the heap, a byte each; strings with other characters than Latin ones are kept as they are.
 */
import { emptyLatin, type Latin, type Text, textOf, writeLatin } from './latin.js';
import { PackedColumn } from './packed-column.js';

const BLOCK_BYTES = 1 << 20;
const SLOTS_MIN = 1 << 10;
/** Of the slots that are taken, when their number is doubled. */
const FILLED_MAX = 2 / 3;
const NOTHING = Buffer.alloc(0);
export class StringTable {
  readonly #blocks: Buffer[] = [];
  /** Bytes taken, unused ends of blocks included. */
  #end = 0;
  readonly #starts = new PackedColumn();
  readonly #lengths = new PackedColumn();
  /** Number + 1 of the string that hashes there, or to a slot before; 0 is free. */
  #slots = new Uint32Array(SLOTS_MIN);
  /** Of each slot, some bits of the hash of its string: strings that merely meet there need not be compared. */
  #tags = new Uint8Array(SLOTS_MIN);
  /** Strings that do not fit into bytes. */
  readonly #others = new Map<string, number>();
  readonly #otherTexts = new Map<number, string>();
  /** Where a string is written to be looked up. */
  readonly #given: Latin = emptyLatin();

  /** Strings so far; their numbers are 0 … size − 1. */
  get size(): number {
    return this.#starts.length;
  }

  /** The number of a string, a new one if it was not known. */
  intern(text: Text): number {
    const latin = this.#latinOf(text);
    if (typeof latin === 'string') return this.#internOther(latin);
    const hash = hashOf(latin);
    const slot = this.#slotOf(latin, hash);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return known - 1;
    const id = this.size;
    this.#store(latin);
    this.#slots[slot] = id + 1;
    this.#tags[slot] = tagOf(hash);
    if (this.size > FILLED_MAX * this.#slots.length) this.#grow();
    return id;
  }

  /** The number of a string, if it is known. */
  idOf(text: Text): number | undefined {
    const latin = this.#latinOf(text);
    if (typeof latin === 'string') return this.#others.get(latin);
    const known = this.#slots[this.#slotOf(latin, hashOf(latin))] ?? 0;
    return known > 0 ? known - 1 : undefined;
  }

  /** In characters. */
  lengthOf(id: number): number {
    return this.#starts.at(id) < 0 ? (this.#otherTexts.get(id)?.length ?? 0) : this.#lengths.at(id);
  }

  textOf(id: number): string {
    const start = this.#starts.at(id);
    if (start < 0) return this.#otherTexts.get(id) ?? '';
    const offset = start % BLOCK_BYTES;
    return this.#blocks[Math.floor(start / BLOCK_BYTES)]?.toString('latin1', offset, offset + this.#lengths.at(id)) ?? '';
  }

  #internOther(text: string): number {
    const known = this.#others.get(text);
    if (known !== undefined) return known;
    const id = this.size;
    this.#starts.push(-1);
    this.#lengths.push(0);
    this.#others.set(text, id);
    this.#otherTexts.set(id, text);
    return id;
  }

  /** A string that has other characters than Latin ones, or too many, is given back. */
  #latinOf(text: Text): Text {
    if (typeof text !== 'string') return text.to - text.from > BLOCK_BYTES ? textOf(text) : text;
    return text.length <= BLOCK_BYTES && writeLatin(text, this.#given) ? this.#given : text;
  }

  /** Where it is, or where it would go. */
  #slotOf(text: Latin, hash: number): number {
    const mask = this.#slots.length - 1;
    const tag = tagOf(hash);
    let slot = hash & mask;
    for (;;) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || (this.#tags[slot] === tag && this.#isText(known - 1, text))) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Compared from their ends: names of requests begin alike. */
  #isText(id: number, { bytes, from, to }: Latin): boolean {
    if (this.#lengths.at(id) !== to - from) return false;
    const start = this.#starts.at(id);
    const block = this.#blocks[Math.floor(start / BLOCK_BYTES)];
    if (block === undefined) return to === from;
    const offset = (start % BLOCK_BYTES) - from;
    for (let i = to - 1; i >= from; i -= 1) if (block[offset + i] !== bytes[i]) return false;
    return true;
  }

  #store({ bytes, from, to }: Latin): void {
    const length = to - from;
    if ((this.#end % BLOCK_BYTES) + length > BLOCK_BYTES) this.#end = this.#blocks.length * BLOCK_BYTES;
    const place = Math.floor(this.#end / BLOCK_BYTES);
    const block = this.#blocks[place] ?? Buffer.alloc(BLOCK_BYTES);
    this.#blocks[place] = block;
    const offset = this.#end % BLOCK_BYTES;
    for (let i = 0; i < length; i += 1) block[offset + i] = bytes[from + i] ?? 0;
    this.#starts.push(this.#end);
    this.#lengths.push(length);
    this.#end += length;
  }

  #grow(): void {
    const length = 2 * this.#slots.length;
    const [slots, tags] = [new Uint32Array(length), new Uint8Array(length)];
    for (let id = 0; id < this.size; id += 1) {
      if (this.#starts.at(id) < 0) continue;
      const hash = this.#hashAt(id);
      let slot = hash & (length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (length - 1);
      slots[slot] = id + 1;
      tags[slot] = tagOf(hash);
    }
    this.#slots = slots;
    this.#tags = tags;
  }

  #hashAt(id: number): number {
    const start = this.#starts.at(id);
    const bytes = this.#blocks[Math.floor(start / BLOCK_BYTES)];
    const from = start % BLOCK_BYTES;
    return hashOf({ bytes: bytes ?? NOTHING, from, to: from + this.#lengths.at(id) });
  }
}

/** FNV-1a, with its bits mixed once more at the end: the lower ones alone choose the slot. */
const SEED = 0x811c9dc5;
function hashOf({ bytes, from, to }: Latin): number {
  let hash = SEED;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  const spread = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (spread ^ (spread >>> 13)) >>> 0;
}

/** The bits that the slot is not chosen by. */
function tagOf(hash: number): number {
  return hash >>> 24;
}
