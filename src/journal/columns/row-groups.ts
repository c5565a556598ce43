/** Rows in groups, those of one group side by side and in the order in which they came: a few bytes a row, where a map of lists takes a hundred. */

export class RowGroups {
  readonly #rows: Uint32Array;
  /** Where each group begins; it ends where the next one begins. */
  readonly #begins: Uint32Array;

  /** `groups[i]` is the group of `rows[i]`, 0 … count − 1; below 0 it is in none. */
  constructor(rows: Uint32Array, groups: Int32Array, count: number) {
    const begins = new Uint32Array(count + 2);
    for (const group of groups) if (group >= 0) begins[group + 2] = (begins[group + 2] ?? 0) + 1;
    for (let i = 2; i < begins.length; i += 1) begins[i] = (begins[i] ?? 0) + (begins[i - 1] ?? 0);
    this.#rows = new Uint32Array(begins.at(-1) ?? 0);
    this.#begins = begins;
    // Each goes where the next of its group goes; in the end what was one place too far to the right is right.
    for (const [i, group] of groups.entries()) {
      if (group < 0) continue;
      const place = begins[group + 1] ?? 0;
      this.#rows[place] = rows[i] ?? 0;
      begins[group + 1] = place + 1;
    }
  }

  sizeOf(group: number): number {
    return (this.#begins[group + 1] ?? 0) - (this.#begins[group] ?? 0);
  }

  /** As `rowsOf(group)` with `Array.from`, for millions of small groups. */
  map<T>(group: number, change: (row: number) => T): T[] {
    const changed: T[] = [];
    const end = this.#begins[group + 1] ?? 0;
    for (let place = this.#begins[group] ?? 0; place < end; place += 1) changed.push(change(this.#rows[place] ?? 0));
    return changed;
  }

  rowsOf(group: number): Uint32Array {
    return this.#rows.subarray(this.#begins[group] ?? 0, this.#begins[group + 1] ?? 0);
  }
}
