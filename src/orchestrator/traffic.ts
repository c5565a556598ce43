/**
 * The last minute of what crossed the wire, for probes and stop conditions while a run is going on. Verdicts do not come from here: they
 * are judged from the journal.
 */
import type { Clock } from '../core/clock.js';
import type { RecordedPlan } from '../journal/events.js';
import { type Exchange, isSuccess, LOAD } from '../journal/observations.js';

const KEPT_MS = 60_000;
/** Beyond it the oldest go first, as if the window were shorter. */
const KEPT_MAX = 200_000;

export class Traffic {
  readonly #clock: Clock;
  /** Instance → its service. */
  readonly #serviceOf: ReadonlyMap<string, string>;
  #exchanges: Exchange[] = [];
  #baseline: readonly Exchange[] = [];
  #baselinePerSecond = 0;
  #harmedSinceMs = Number.POSITIVE_INFINITY;
  #harmed = 0;

  constructor(clock: Clock, plan: RecordedPlan) {
    this.#clock = clock;
    this.#serviceOf = new Map(plan.services.flatMap((service) => service.instances.map((instance) => [instance, service.name] as const)));
  }

  add(exchange: Exchange): void {
    this.#exchanges.push(exchange);
    if (exchange.from === LOAD && exchange.startMs >= this.#harmedSinceMs && !isSuccess(exchange)) this.#harmed += 1;
    if (this.#exchanges.length > KEPT_MAX) this.#prune();
  }

  /** From the first fault on, every front-door request that is not answered counts as harmed. */
  countHarm(): void {
    this.#harmedSinceMs = Math.min(this.#harmedSinceMs, this.#clock.nowMs());
  }

  get harmed(): number {
    return this.#harmed;
  }

  /** Exchanges that ended in the last `windowMs`; names are services or instances. */
  recent({ from, to }: { from?: string | undefined; to: string }, windowMs: number): readonly Exchange[] {
    this.#prune();
    const sinceMs = this.#clock.nowMs() - windowMs;
    return this.#between(this.#exchanges, { from, to }).filter((e) => e.endMs >= sinceMs);
  }

  /** Keeps what ended in the last `windowMs`, a minute at most, as what normal looks like. */
  keepBaseline(windowMs: number): void {
    const sinceMs = this.#clock.nowMs() - windowMs;
    this.#baseline = this.#exchanges.filter((e) => e.endMs >= sinceMs);
    const count = this.#baseline.filter(({ from }) => from === LOAD).length;
    this.#baselinePerSecond = windowMs > 0 ? (count * 1e3) / Math.min(windowMs, KEPT_MS) : 0;
  }

  /** Front-door requests, in what was kept as the baseline. */
  get baselinePerSecond(): number {
    return this.#baselinePerSecond;
  }

  /** Like `recent`, of what was kept as the baseline; empty before. */
  baseline(target: { from?: string | undefined; to: string }): readonly Exchange[] {
    return this.#between(this.#baseline, target);
  }

  #between(exchanges: readonly Exchange[], { from, to }: { from?: string | undefined; to: string }): readonly Exchange[] {
    const is = (instance: string, name: string): boolean => instance === name || this.#serviceOf.get(instance) === name;
    return exchanges.filter((e) => is(e.to, to) && (from === undefined || is(e.from, from)));
  }

  #prune(): void {
    const sinceMs = this.#clock.nowMs() - KEPT_MS;
    if ((this.#exchanges[0]?.endMs ?? Number.POSITIVE_INFINITY) >= sinceMs && this.#exchanges.length <= KEPT_MAX) return;
    this.#exchanges = this.#exchanges.filter((e) => e.endMs >= sinceMs).slice(-KEPT_MAX / 2);
  }
}
