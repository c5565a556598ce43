/** Exchanges on their way into sums: one histogram for each second, link, route and outcome, until that second is told. Bounded: beyond it, the oldest is told early. */
import type { JsHistogram } from 'hdr-histogram-js';
import type { Exchange } from './observations.js';
import { addTook, createTookUs, encodeTook, outcomeOf, SUM_MS, type TrafficSum } from './traffic-sum.js';

/** Sums that grow at the same time, 14 KiB each. */
const GROWING_MAX = 2_000;

type Growing = Omit<TrafficSum, 'tookUs'> & { tookUs: JsHistogram };
/** An exchange, whatever noted its kind. */
export type SummedExchange = Omit<Exchange, 'kind'>;

export class SecondSums {
  readonly #growing = new Map<string, Growing>();
  /** Histograms to be used again: to make one costs more than to fill it. */
  readonly #idle: JsHistogram[] = [];

  get size(): number {
    return this.#growing.size;
  }

  /** Returns what had to be told to make room, if anything. */
  add(exchange: SummedExchange, { isProbe }: { isProbe: boolean }): TrafficSum | undefined {
    const fromMs = Math.floor(exchange.startMs / SUM_MS) * SUM_MS;
    const outcome = outcomeOf(exchange);
    const key = `${fromMs} ${exchange.link} ${outcome} ${isProbe} ${exchange.isCopy ?? false} ${exchange.route ?? ''}`;
    let sum = this.#growing.get(key);
    let told: TrafficSum | undefined;
    if (sum === undefined) {
      if (this.#growing.size >= GROWING_MAX) told = this.#takeOldest();
      sum = this.#start(exchange, { fromMs, outcome, ...(isProbe && { isProbe }) });
      this.#growing.set(key, sum);
    }
    sum.count += 1;
    sum.bytesUp += exchange.bytesUp;
    sum.bytesDown += exchange.bytesDown;
    addTook(sum.tookUs, exchange);
    return told;
  }

  /** The sums of all seconds that were over by then, and they are no longer here. */
  take(untilMs: number): TrafficSum[] {
    const due = [...this.#growing].filter(([, { fromMs }]) => fromMs + SUM_MS <= untilMs);
    return due.map(([key, sum]) => this.#finish(key, sum));
  }

  #start({ link, from, to, route, isCopy }: SummedExchange, given: Pick<TrafficSum, 'fromMs' | 'outcome' | 'isProbe'>): Growing {
    const named = { link, from, to, ...(route !== undefined && { route }), ...(isCopy && { isCopy }) };
    return { ...named, ...given, count: 0, bytesUp: 0, bytesDown: 0, tookUs: this.#idle.pop() ?? createTookUs() };
  }

  #takeOldest(): TrafficSum | undefined {
    for (const [key, sum] of this.#growing) return this.#finish(key, sum);
    return undefined;
  }

  #finish(key: string, { tookUs, ...sum }: Growing): TrafficSum {
    this.#growing.delete(key);
    const told = { ...sum, tookUs: encodeTook(tookUs) };
    tookUs.reset();
    this.#idle.push(tookUs);
    return told;
  }
}
