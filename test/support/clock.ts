/** Clocks that a test turns by hand. The rough one fires up to 1 ms early or 3 ms late and out of order, as host timers have been seen to. */
import type { Clock, Timer } from '../../src/core/clock.js';

interface Pending {
  dueMs: number;
  order: number;
  run: () => void;
}

export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  readonly #pending = new Set<Pending>();
  readonly #skewMs: (order: number) => number;

  constructor({ startMs = 1_000, skewMs = () => 0 }: { startMs?: number; skewMs?: (order: number) => number } = {}) {
    this.#nowMs = startMs;
    this.#skewMs = skewMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return 1_700_000_000_000 + this.#nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    const order = this.#order++;
    const pending = { dueMs: this.#nowMs + Math.max(0, delayMs + this.#skewMs(order)), order, run };
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }

  /** Timers that would still fire: zero after a clean end. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Lets `ms` pass and fires what is due on the way, in order of due time. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      let next: Pending | undefined;
      for (const pending of this.#pending) {
        if (pending.dueMs > untilMs) continue;
        if (next === undefined || pending.dueMs < next.dueMs || (pending.dueMs === next.dueMs && pending.order < next.order))
          next = pending;
      }
      if (next === undefined) break;
      this.#pending.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.run();
    }
    this.#nowMs = untilMs;
  }
}

/** A clock whose timers come up to 1 ms early and 3 ms late, in an order that depends on `seed`. */
export function roughClock(seed: number): VirtualClock {
  return new VirtualClock({ skewMs: (order) => (((order * 2_654_435_761 + seed * 40_503) >>> 0) % 4_000) / 1_000 - 1 });
}
