/** Something that is shut until it is opened, once. What waits for it is told in the order in which it came. */

export class Gate {
  #waiting: Set<() => void> | undefined = new Set();

  get isOpen(): boolean {
    return this.#waiting === undefined;
  }

  /** Opening it again does nothing. */
  open(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const opened of waiting ?? []) opened();
  }

  /** Calls `opened` when it opens, at once if it is open. Returns what takes that back. */
  whenOpen(opened: () => void): () => void {
    const waiting = this.#waiting;
    if (waiting === undefined) {
      opened();
      return () => {};
    }
    waiting.add(opened);
    return () => waiting.delete(opened);
  }
}
