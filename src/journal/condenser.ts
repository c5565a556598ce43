/**
 * Keeps the journal of a long run bounded. As many exchanges as fit in a run of minutes are all written, one by one; beyond that only those around
 * faults and of the baseline, from which verdicts are made, and all others are summed by the second. What is around a fault is known only when it
 * has come, so exchanges wait a little before that is decided.
 */
import type { NewEvent } from './events.js';
import { isFaultEnd } from './observations.js';
import { probeTest } from './probe-paths.js';
import { SecondSums } from './second-sums.js';

export interface CondenserBounds {
  /** So many exchanges are written one by one, whenever they come. */
  freeMax: number;
  /** So many altogether, those around faults and of the baseline included; about 350 bytes each. */
  singleMax: number;
  /** What began so long before a fault or the baseline is written one by one, too … */
  beforeMs: number;
  /** … and so long after. */
  afterMs: number;
  /** Exchanges that wait for the decision; beyond it the oldest is decided on at once. */
  waitingMax: number;
}

/** A quarter of an hour at 1,000 requests a second over one hop; then about as much for each fault, up to 1.75 GB. */
const BOUNDS: CondenserBounds = { freeMax: 1_000_000, singleMax: 5_000_000, beforeMs: 5_000, afterMs: 60_000, waitingMax: 50_000 };

type ExchangeEvent = Extract<NewEvent, { type: 'exchange' }>;
interface Span {
  what: string;
  fromMs: number;
  toMs: number;
}

export class Condenser {
  readonly #bounds: CondenserBounds;
  readonly #sums = new SecondSums();
  readonly #spans: Span[] = [];
  #waiting: ExchangeEvent[] = [];
  #singles = 0;
  #isProbe: ReturnType<typeof probeTest> = () => false;

  constructor(bounds: Partial<CondenserBounds> = {}) {
    this.#bounds = { ...BOUNDS, ...bounds };
  }

  /** Exchanges that wait, and sums that grow: what it keeps in memory. */
  get kept(): { exchanges: number; sums: number } {
    return { exchanges: this.#waiting.length, sums: this.#sums.size };
  }

  /** What is to be written now that this has happened, in order. */
  take(event: NewEvent, nowMs: number): readonly NewEvent[] {
    if (event.type !== 'exchange') {
      this.#note(event, event.atMs ?? nowMs);
      return event.type === 'runEnded' ? [...this.rest(), event] : [event];
    }
    if (this.#singles < this.#bounds.freeMax) {
      this.#singles += 1;
      return [event];
    }
    this.#waiting.push(event);
    return this.#waiting.length > this.#bounds.waitingMax ? this.#decide(this.#waiting.splice(0, 1)) : [];
  }

  /** What is to be written now that it is so late. */
  due(nowMs: number): readonly NewEvent[] {
    if (this.#waiting.length === 0 && this.#sums.size === 0) return [];
    const decidedMs = nowMs - this.#bounds.beforeMs;
    const stay = this.#waiting.findIndex(({ endMs }) => endMs > decidedMs);
    const decided = this.#decide(this.#waiting.splice(0, stay < 0 ? this.#waiting.length : stay));
    return [...decided, ...this.#told(decidedMs)];
  }

  /** All that is left. */
  rest(): readonly NewEvent[] {
    const decided = this.#decide(this.#waiting);
    this.#waiting = [];
    return [...decided, ...this.#told(Number.POSITIVE_INFINITY)];
  }

  #told(untilMs: number): NewEvent[] {
    return this.#sums.take(untilMs).map((sum) => ({ type: 'trafficSum', ...sum }));
  }

  #decide(exchanges: readonly ExchangeEvent[]): NewEvent[] {
    return exchanges.flatMap((event): NewEvent[] => {
      if (this.#isWanted(event)) {
        this.#singles += 1;
        return [event];
      }
      const told = this.#sums.add(event, { isProbe: this.#isProbe(event) });
      return told === undefined ? [] : [{ type: 'trafficSum', ...told }];
    });
  }

  #isWanted({ startMs }: ExchangeEvent): boolean {
    const { singleMax, beforeMs, afterMs } = this.#bounds;
    if (this.#singles >= singleMax) return false;
    return this.#spans.some(({ fromMs, toMs }) => startMs >= fromMs - beforeMs && startMs < toMs + afterMs);
  }

  #note(event: Exclude<NewEvent, ExchangeEvent>, atMs: number): void {
    switch (event.type) {
      case 'runStarted':
        this.#isProbe = probeTest(event.plan.services);
        return;
      case 'phaseStarted':
      case 'phaseEnded':
        if (event.phase === 'baseline') this.#span('baseline', atMs, event.type === 'phaseStarted');
        return;
      case 'faultIntended':
      case 'faultApplied':
      case 'faultEnded':
        this.#span(`fault ${event.fault}`, atMs, event.type !== 'faultEnded');
        return;
      case 'handFault':
        this.#span(`fault ${event.fault}`, atMs, event.change !== 'refused' && !isFaultEnd(event.change));
    }
  }

  #span(what: string, atMs: number, isBegin: boolean): void {
    const open = this.#spans.find((span) => span.what === what && span.toMs === Number.POSITIVE_INFINITY);
    if (isBegin && open === undefined) this.#spans.push({ what, fromMs: atMs, toMs: Number.POSITIVE_INFINITY });
    if (!isBegin && open !== undefined) open.toMs = atMs;
  }
}
