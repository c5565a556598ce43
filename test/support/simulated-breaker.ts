/** Breakers in virtual time, good and bad, that keep a log of what they really did. Each is one way to trip, to wait, to try and to err. */
import type { Answer, Subject } from './simulated-traffic.js';

export interface BreakerOptions {
  /** `timeWindow`: more than half of the calls in the last 2 s failed, as opossum counts; `consecutive`: five failures in a row. */
  trip: 'timeWindow' | 'consecutive' | 'never';
  /** Trips only when its condition has held for so long. */
  slowMs?: number;
  waitMs: (opening: number, draw: () => number) => number;
  /** Calls let through at a time while half-open. */
  permits: number;
  /** Share of calls let through while open. */
  leakRatio?: number;
  /** Stays open for good. */
  isStuck?: boolean;
  draw: () => number;
}

/** What it really did, to the microsecond. */
export interface BreakerTruth {
  openedMs: number[];
  closedMs: number[];
  /** Number of calls in each half-open phase. */
  trials: number[];
  leaks: number;
}

type State = { kind: 'closed' } | { kind: 'open'; untilMs: number } | { kind: 'halfOpen'; running: number };

const CALLEE = 'payments-1';
const WINDOW_MS = 2_000;
const CALLS_MIN = 10;
const FAILURES_IN_A_ROW = 5;

export class SimulatedBreaker implements Subject {
  readonly truth: BreakerTruth = { openedMs: [], closedMs: [], trials: [], leaks: 0 };
  readonly #options: BreakerOptions;
  #state: State = { kind: 'closed' };
  #openings = 0;
  #calls: { atMs: number; failed: boolean }[] = [];
  #inARow = 0;
  #tripsSinceMs: number | undefined;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  choose(atMs: number): string | undefined {
    if (this.#state.kind === 'open' && atMs >= this.#state.untilMs) {
      this.#state = { kind: 'halfOpen', running: 0 };
      this.truth.trials.push(0);
    }
    switch (this.#state.kind) {
      case 'closed':
        return CALLEE;
      case 'open':
        if (this.#options.draw() >= (this.#options.leakRatio ?? 0)) return undefined;
        this.truth.leaks++;
        return CALLEE;
      case 'halfOpen':
        if (this.#state.running >= this.#options.permits) return undefined;
        this.#state.running++;
        this.truth.trials[this.truth.trials.length - 1] = this.#state.running;
        return CALLEE;
    }
  }

  answered(_callee: string, { ok, atMs }: Answer): void {
    if (this.#state.kind === 'halfOpen') {
      if (ok) this.#close(atMs);
      else this.#open(atMs);
    } else if (this.#state.kind === 'closed') {
      this.#inARow = ok ? 0 : this.#inARow + 1;
      this.#calls.push({ atMs, failed: !ok });
      this.#tripsSinceMs = this.#isTripped(atMs) ? (this.#tripsSinceMs ?? atMs) : undefined;
      if (ok || this.#tripsSinceMs === undefined || atMs < this.#tripsSinceMs + (this.#options.slowMs ?? 0)) return;
      this.truth.openedMs.push(atMs);
      this.#open(atMs);
    }
  }

  #isTripped(atMs: number): boolean {
    const { trip } = this.#options;
    if (trip === 'never') return false;
    if (trip === 'consecutive') return this.#inARow >= FAILURES_IN_A_ROW;
    this.#calls = this.#calls.filter((call) => call.atMs > atMs - WINDOW_MS);
    return this.#calls.length >= CALLS_MIN && this.#calls.filter((call) => call.failed).length * 2 > this.#calls.length;
  }

  #open(atMs: number): void {
    const waitMs = this.#options.isStuck ? Number.POSITIVE_INFINITY : this.#options.waitMs(this.#openings++, this.#options.draw);
    this.#state = { kind: 'open', untilMs: atMs + waitMs };
  }

  #close(atMs: number): void {
    this.truth.closedMs.push(atMs);
    this.#state = { kind: 'closed' };
    this.#openings = 0;
    this.#calls = [];
    this.#inARow = 0;
  }
}

/** Lets half of the calls through while they fail: a throttle, not a breaker. */
export class SimulatedThrottle implements Subject {
  readonly #draw: () => number;
  readonly #passRatio: number;
  #failing = false;

  constructor({ draw, passRatio }: { draw: () => number; passRatio: number }) {
    this.#draw = draw;
    this.#passRatio = passRatio;
  }

  choose(): string | undefined {
    return this.#failing && this.#draw() >= this.#passRatio ? undefined : CALLEE;
  }

  answered(_callee: string, { ok }: Answer): void {
    this.#failing = !ok;
  }
}
