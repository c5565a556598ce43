/**
 * Many different short strings, each kept once and named by a number: equal strings have equal numbers, so whoever joins by them compares numbers. Their characters lie
 * side by side in blocks outside of the heap, a byte each; strings with other characters than Latin ones are kept as they are.
 */
import { PackedColumn } from './packed-column.js';

const BLOCK_BYTES = 1 << 20;
const SLOTS_MIN = 1 << 10;
/** Of the slots that are taken, when their number is doubled. */
const FILLED_MAX = 2 / 3;
/** Hash of a string that has other characters than Latin ones, or too many. */
const FOREIGN = -1;

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

  /** Strings so far; their numbers are 0 … size − 1. */
  get size(): number {
    return this.#starts.length;
  }

  /** The number of a string, a new one if it was not known. */
  intern(text: string): number {
    const hash = hashOf(text);
    if (hash === FOREIGN) return this.#internOther(text);
    const slot = this.#slotOf(text, hash);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return known - 1;
    const id = this.size;
    this.#store(text);
    this.#slots[slot] = id + 1;
    this.#tags[slot] = tagOf(hash);
    if (this.size > FILLED_MAX * this.#slots.length) this.#grow();
    return id;
  }

  /** The number of a string, if it is known. */
  idOf(text: string): number | undefined {
    const hash = hashOf(text);
    if (hash === FOREIGN) return this.#others.get(text);
    const known = this.#slots[this.#slotOf(text, hash)] ?? 0;
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

  /** Where it is, or where it would go. */
  #slotOf(text: string, hash: number): number {
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
  #isText(id: number, text: string): boolean {
    if (this.#lengths.at(id) !== text.length) return false;
    const start = this.#starts.at(id);
    const block = this.#blocks[Math.floor(start / BLOCK_BYTES)];
    if (block === undefined) return text === '';
    const offset = start % BLOCK_BYTES;
    for (let i = text.length - 1; i >= 0; i -= 1) if (block[offset + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  #store(text: string): void {
    if ((this.#end % BLOCK_BYTES) + text.length > BLOCK_BYTES) this.#end = this.#blocks.length * BLOCK_BYTES;
    const place = Math.floor(this.#end / BLOCK_BYTES);
    const block = this.#blocks[place] ?? Buffer.alloc(BLOCK_BYTES);
    this.#blocks[place] = block;
    block.write(text, this.#end % BLOCK_BYTES, 'latin1');
    this.#starts.push(this.#end);
    this.#lengths.push(text.length);
    this.#end += text.length;
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
    const block = this.#blocks[Math.floor(start / BLOCK_BYTES)];
    const from = start % BLOCK_BYTES;
    const to = from + this.#lengths.at(id);
    let hash = SEED;
    for (let i = from; i < to; i += 1) hash = mixed(hash, block?.[i] ?? 0);
    return finished(hash);
  }
}

/** FNV-1a, with its bits mixed once more at the end: the lower ones alone choose the slot. */
const SEED = 0x811c9dc5;
function mixed(hash: number, character: number): number {
  return Math.imul(hash ^ character, 0x01000193);
}
function finished(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (spread ^ (spread >>> 13)) >>> 0;
}

/** The bits that the slot is not chosen by. */
function tagOf(hash: number): number {
  return hash >>> 24;
}

function hashOf(text: string): number {
  if (text.length > BLOCK_BYTES) return FOREIGN;
  let hash = SEED;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charCodeAt(i);
    if (character > 0xff) return FOREIGN;
    hash = mixed(hash, character);
  }
  return finished(hash);
}
