/** What a client was told is written, to hold the members against it afterwards. */

interface Item {
  readonly key: string;
  readonly value: string;
}

/** The oldest are forgotten first, and with them what is known of their loss. */
const ITEMS_MAX = 5_000;
/** Followers hear with the next word of the leader that an entry is decided; sooner they are not held against it. */
const SETTLED_MS = 2_000;

export class Acknowledged {
  readonly #items: (Item & { readonly atMs: number })[] = [];

  add(item: Item, nowMs: number): void {
    this.#items.push({ ...item, atMs: nowMs });
    if (this.#items.length > ITEMS_MAX) this.#items.shift();
  }

  /** Those that everybody should have by now. */
  settled(nowMs: number): readonly Item[] {
    return this.#items.filter(({ atMs }) => atMs <= nowMs - SETTLED_MS);
  }
}
