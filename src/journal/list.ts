/**
 * Lists whose items are made when they are asked for. An array is such a list, too; whoever takes a `List` can be given millions of items that nobody holds. Two
 * items of one row are two objects: know them again by what they say, not by `===`.
 */

/** What of an array can be had without holding its items. Filtering and slicing give lists of the same kind; `map` gives an array, which does hold what it is made of. */
export interface List<T> extends Iterable<T> {
  readonly length: number;
  /** As of arrays: from the end if negative. */
  at(index: number): T | undefined;
  slice(from?: number, to?: number): List<T>;
  filter(isMeant: (item: T) => unknown): List<T>;
  map<U>(change: (item: T) => U): U[];
  flatMap<U>(change: (item: T) => U | readonly U[]): U[];
  some(isSo: (item: T) => unknown): boolean;
  every(isSo: (item: T) => unknown): boolean;
  find(isIt: (item: T) => unknown): T | undefined;
  reduce<U>(add: (sum: U, item: T) => U, start: U): U;
}

/** Items by the numbers of their rows. */
export class RowList<T> implements List<T> {
  /** In the order of the list. Shared between lists: not to be changed. */
  readonly rows: Uint32Array;
  readonly #itemOf: (row: number) => T;

  constructor(rows: Uint32Array, itemOf: (row: number) => T) {
    this.rows = rows;
    this.#itemOf = itemOf;
  }

  get length(): number {
    return this.rows.length;
  }

  at(index: number): T | undefined {
    const row = this.rows.at(index);
    return row === undefined ? undefined : this.#itemOf(row);
  }

  /** Of any row, in the list or not. */
  item(row: number): T {
    return this.#itemOf(row);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const row of this.rows) yield this.#itemOf(row);
  }

  slice(from?: number, to?: number): RowList<T> {
    return new RowList(this.rows.subarray(from, to), this.#itemOf);
  }

  filter(isMeant: (item: T) => unknown): RowList<T> {
    return this.withRows((row) => isMeant(this.#itemOf(row)));
  }

  /** As `filter`, for whoever knows a row without its item. */
  withRows(isMeant: (row: number) => unknown): RowList<T> {
    return new RowList(rowsWhere(this.rows, isMeant), this.#itemOf);
  }

  map<U>(change: (item: T) => U): U[] {
    const changed: U[] = [];
    for (const row of this.rows) changed.push(change(this.#itemOf(row)));
    return changed;
  }

  flatMap<U>(change: (item: T) => U | readonly U[]): U[] {
    const changed: U[] = [];
    for (const item of this) {
      const some = change(item);
      if (Array.isArray(some)) for (const one of some as readonly U[]) changed.push(one);
      else changed.push(some as U);
    }
    return changed;
  }

  some(isSo: (item: T) => unknown): boolean {
    return this.find(isSo) !== undefined;
  }

  every(isSo: (item: T) => unknown): boolean {
    return this.find((item) => !isSo(item)) === undefined;
  }

  find(isIt: (item: T) => unknown): T | undefined {
    for (const row of this.rows) {
      const item = this.#itemOf(row);
      if (isIt(item)) return item;
    }
    return undefined;
  }

  reduce<U>(add: (sum: U, item: T) => U, start: U): U {
    let sum = start;
    for (const row of this.rows) sum = add(sum, this.#itemOf(row));
    return sum;
  }
}

/** As `rows.filter`, which takes three times as long. */
export function rowsWhere(rows: Uint32Array, isMeant: (row: number) => unknown): Uint32Array {
  const meant = new Uint32Array(rows.length);
  let length = 0;
  for (const row of rows) {
    if (!isMeant(row)) continue;
    meant[length] = row;
    length += 1;
  }
  return meant.slice(0, length);
}
