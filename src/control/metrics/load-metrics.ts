/** What load generators tell of their requests, a second a link: counters that only grow, although a second may be told again with more in it. */
import { Counter, Gauge, type Metric } from 'prom-client';
import type { LinkSecond } from '../../journal/link-second.js';
import { families } from './families.js';
import { LabelValues } from './label-values.js';
import { metricOf } from './metric-of.js';

/** Of a link: an older one is not told again. */
const SECONDS_KEPT = 10;

interface Counted {
  second: number;
  requests: number;
  errors: number;
}

export class LoadMetrics {
  readonly #requests = new Counter(metricOf(families.load));
  readonly #latency = new Gauge(metricOf(families.loadLatency));
  readonly #harmed = new Counter(metricOf(families.harmed));
  readonly #links = new LabelValues();
  /** Link → its newest seconds, oldest first. */
  readonly #counted = new Map<string, Counted[]>();
  #isHarm = false;

  get metrics(): readonly Metric[] {
    return [this.#requests, this.#latency, this.#harmed];
  }

  /** Another run: nothing is harm before its first fault. */
  begin(): void {
    this.#isHarm = false;
    this.#counted.clear();
    this.#latency.reset();
  }

  /** What fails from now on is harm. */
  countHarm(): void {
    this.#isHarm = true;
  }

  note(seconds: readonly LinkSecond[]): void {
    for (const second of seconds) this.#noteOne(second);
  }

  #noteOne(given: LinkSecond): void {
    const link = this.#links.bounded(given.link);
    const { requests, errors } = this.#more(given);
    this.#requests.inc({ link, outcome: 'ok' }, Math.max(0, requests - errors));
    this.#requests.inc({ link, outcome: 'error' }, errors);
    if (this.#isHarm) this.#harmed.inc(errors);
    for (const [quantile, ms] of [
      ['0.5', given.p50Ms],
      ['0.9', given.p90Ms],
      ['0.99', given.p99Ms],
    ] as const)
      if (ms !== null) this.#latency.set({ link, quantile }, ms / 1_000);
  }

  /** What a second holds beyond what was known of it. */
  #more({ link, second, requests, errors }: LinkSecond): { requests: number; errors: number } {
    const kept = this.#counted.get(link) ?? [];
    const known = kept.find((one) => one.second === second);
    const more = { requests: Math.max(0, requests - (known?.requests ?? 0)), errors: Math.max(0, errors - (known?.errors ?? 0)) };
    const others = kept.filter((one) => one !== known);
    this.#counted.set(link, [...others, { second, requests, errors }].slice(-SECONDS_KEPT));
    return more;
  }
}
