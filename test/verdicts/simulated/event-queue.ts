/** What is to happen in virtual time, soonest first: a binary heap. Of two at the same instant, the one that was planned first comes first. */

interface Planned {
  atMs: number;
  order: number;
  run: (nowMs: number) => void;
}

export class EventQueue {
  readonly #heap: Planned[] = [];
  #order = 0;

  at(atMs: number, run: (nowMs: number) => void): void {
    this.#heap.push({ atMs, order: this.#order++, run });
    this.#rise(this.#heap.length - 1);
  }

  /** Until nothing is left; what runs may plan more. */
  runAll(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) next.run(next.atMs);
  }

  #take(): Planned | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.#heap[0] = last;
    this.#sink(0);
    return first;
  }

  #rise(from: number): void {
    for (let place = from; place > 0; ) {
      const above = (place - 1) >> 1;
      if (!this.#swapIfSooner(place, above)) return;
      place = above;
    }
  }

  #sink(from: number): void {
    for (let place = from; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const sooner = right < this.#heap.length && this.#isSooner(right, left) ? right : left;
      if (sooner >= this.#heap.length || !this.#swapIfSooner(sooner, place)) return;
      place = sooner;
    }
  }

  #isSooner(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
  }

  #swapIfSooner(below: number, above: number): boolean {
    const [one, other] = [this.#heap[below], this.#heap[above]];
    if (one === undefined || other === undefined || !this.#isSooner(below, above)) return false;
    this.#heap[above] = one;
    this.#heap[below] = other;
    return true;
  }
}
