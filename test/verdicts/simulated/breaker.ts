/**
 * One automaton, all breakers as data: when it trips, how long it stays open, how it tries and what decides. It keeps a log of what it really did.
 * Flaws make a bad breaker of a good one, each in one way that a check has to find.
 */
import { type FailureCount, failureCount, type Trip } from './failure-count.js';
import type { Defence, Ruling, WireAnswer } from './world.js';

export interface BreakerModel {
  trip: Trip;
  /** When the count is looked at: after failures, after every completion, or at instants of its own. */
  evaluation: 'failure' | 'completion' | { everyMs: number };
  /** `opening` counts from 0 since it was last closed. */
  openMs(opening: number, draw: () => number): number;
  /** `timer`: half-open as soon as the time is over; `nextCall`: only when somebody asks. */
  toHalfOpen: 'timer' | 'nextCall';
  halfOpen:
    | { kind: 'permits'; permits: number; excess: 'reject' | 'hold'; closesAfter: 'firstSuccess' | 'allResults' | 'allSuccesses' }
    /** Lets a growing share pass, up to `shareMax`. */
    | { kind: 'ramp'; rampMs: number; shareMax: number };
  /** Share of failures that reopens after `allResults`. */
  reopenRatio?: number;
  /** What an answer to a call of an earlier state does. */
  staleResults: 'counted' | 'ignored';
  countOnClose: 'reset' | 'kept';
}

export interface BreakerFlaws {
  neverTrips?: boolean;
  /** Trips only when its condition has held for so long. */
  lateMs?: number;
  leakRatio?: number;
  neverCloses?: boolean;
  /** Calls let through at a time in place of its permits. */
  permits?: number;
}

/** What it really did. */
export interface BreakerTruth {
  openedMs: number[];
  closedMs: number[];
  /** Front-door requests let through in each half-open phase, and whether it closed. */
  phases: { requests: Set<string>; closed: boolean; waitMs: number }[];
  /** From when on nobody was turned away any more: where several trials must succeed and none is refused, this is all that shows. */
  servesAllSinceMs: number;
}

type State =
  | { kind: 'closed' }
  | { kind: 'open'; sinceMs: number; untilMs: number }
  | { kind: 'halfOpen'; sinceMs: number; running: number; admitted: number; refused: number; successes: number; failures: number };

export class Breaker implements Defence {
  readonly truth: BreakerTruth = { openedMs: [], closedMs: [], phases: [], servesAllSinceMs: Number.NaN };
  readonly #model: BreakerModel;
  readonly #flaws: BreakerFlaws;
  readonly #to: string;
  readonly #draw: () => number;
  readonly #count: FailureCount;
  #state: State = { kind: 'closed' };
  #generation = 0;
  #openings = 0;
  #trippedSinceMs: number | undefined;
  #nextLookMs = 0;

  constructor(model: BreakerModel, { to, draw, flaws = {} }: { to: string; draw: () => number; flaws?: BreakerFlaws }) {
    this.#model = model;
    this.#flaws = flaws;
    this.#to = to;
    this.#draw = draw;
    this.#count = failureCount(model.trip);
  }

  ask(atMs: number, token: string): Ruling {
    const ruling = this.#rule(atMs, token);
    const { truth } = this;
    if (ruling.kind !== 'send') truth.servesAllSinceMs = Number.NaN;
    else if (Number.isNaN(truth.servesAllSinceMs)) truth.servesAllSinceMs = atMs;
    return ruling;
  }

  #rule(atMs: number, token: string): Ruling {
    this.#look(atMs);
    this.#count.issued(atMs);
    if (this.#state.kind === 'open' && atMs >= this.#state.untilMs) this.#halfOpen(this.#state, atMs);
    switch (this.#state.kind) {
      case 'closed':
        return this.#send();
      case 'open':
        return this.#draw() < (this.#flaws.leakRatio ?? 0) ? { kind: 'send', to: this.#to, ticket: -1 } : { kind: 'reject' };
      case 'halfOpen':
        return this.#admit(this.#state, { atMs, token });
    }
  }

  answered({ ok, ticket, atMs }: WireAnswer): void {
    if (ticket < 0) return;
    const isStale = ticket !== this.#generation;
    if (isStale && this.#model.staleResults === 'ignored') return;
    this.#wake(atMs);
    if (this.#state.kind === 'halfOpen') this.#tried(this.#state, ok, atMs);
    else {
      this.#count.completed(atMs, ok);
      const { evaluation } = this.#model;
      if (evaluation === 'completion' || (evaluation === 'failure' && !ok)) this.#judge(atMs);
    }
  }

  #send(): Ruling {
    return { kind: 'send', to: this.#to, ticket: this.#generation };
  }

  /** A breaker with a timer is half-open before anybody asks. */
  #wake(atMs: number): void {
    if (this.#state.kind === 'open' && this.#model.toHalfOpen === 'timer' && atMs >= this.#state.untilMs) this.#halfOpen(this.#state, atMs);
  }

  #look(atMs: number): void {
    const { evaluation } = this.#model;
    if (typeof evaluation === 'string') return;
    for (; this.#nextLookMs <= atMs; this.#nextLookMs += evaluation.everyMs) this.#judge(this.#nextLookMs);
  }

  #judge(atMs: number): void {
    if (this.#state.kind !== 'closed') return;
    const isTripped = this.#flaws.neverTrips !== true && this.#count.isTripped(atMs);
    this.#trippedSinceMs = isTripped ? (this.#trippedSinceMs ?? atMs) : undefined;
    if (this.#trippedSinceMs === undefined || atMs < this.#trippedSinceMs + (this.#flaws.lateMs ?? 0)) return;
    this.truth.openedMs.push(atMs);
    this.#open(atMs);
  }

  #halfOpen(open: Extract<State, { kind: 'open' }>, atMs: number): void {
    const sinceMs = this.#model.toHalfOpen === 'timer' ? open.untilMs : atMs;
    this.#generation += 1;
    this.truth.phases.push({ requests: new Set(), closed: false, waitMs: open.untilMs - open.sinceMs });
    this.#state = { kind: 'halfOpen', sinceMs, running: 0, admitted: 0, refused: 0, successes: 0, failures: 0 };
  }

  #admit(state: Extract<State, { kind: 'halfOpen' }>, { atMs, token }: { atMs: number; token: string }): Ruling {
    const { halfOpen } = this.#model;
    if (halfOpen.kind === 'ramp') {
      const elapsed = (atMs - state.sinceMs) / halfOpen.rampMs;
      if (elapsed >= 1) {
        this.#close(atMs);
        return this.#send();
      }
      const wouldBe = (state.admitted + 1) / (state.admitted + state.refused + 1);
      if (wouldBe >= halfOpen.shareMax * elapsed) {
        state.refused += 1;
        return { kind: 'reject' };
      }
    } else if (state.admitted >= (this.#flaws.permits ?? halfOpen.permits)) {
      return { kind: halfOpen.excess };
    }
    state.admitted += 1;
    this.truth.phases.at(-1)?.requests.add(token);
    return this.#send();
  }

  #tried(state: Extract<State, { kind: 'halfOpen' }>, ok: boolean, atMs: number): void {
    const { halfOpen, reopenRatio = 0 } = this.#model;
    if (ok) state.successes += 1;
    else state.failures += 1;
    if (halfOpen.kind === 'ramp') {
      this.#count.completed(atMs, ok);
      if (this.#count.isTripped(atMs)) this.#open(atMs);
      return;
    }
    const results = state.successes + state.failures;
    if (halfOpen.closesAfter === 'allResults') {
      if (results < halfOpen.permits) return;
      if (state.failures >= reopenRatio * results) this.#open(atMs);
      else this.#close(atMs);
    } else if (!ok) this.#open(atMs);
    else if (halfOpen.closesAfter === 'firstSuccess' || state.successes >= halfOpen.permits) this.#close(atMs);
  }

  #open(atMs: number): void {
    const lastsMs = this.#flaws.neverCloses ? Number.POSITIVE_INFINITY : this.#model.openMs(this.#openings++, this.#draw);
    this.#generation += 1;
    this.#trippedSinceMs = undefined;
    if (this.#model.halfOpen.kind === 'ramp') this.#count.clear();
    this.#state = { kind: 'open', sinceMs: atMs, untilMs: atMs + lastsMs };
  }

  #close(atMs: number): void {
    const phase = this.truth.phases.at(-1);
    if (phase !== undefined) phase.closed = true;
    this.truth.closedMs.push(atMs);
    this.#generation += 1;
    this.#openings = 0;
    if (this.#model.countOnClose === 'reset') this.#count.clear();
    this.#state = { kind: 'closed' };
  }
}
