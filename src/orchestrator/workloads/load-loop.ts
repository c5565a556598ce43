/** The whole load: its scenarios side by side on one set of connections, and the figures of all of them. Steered by orders; each names a scenario, or means them all. */
import type { Clock } from '../../core/clock.js';
import type { Exchange } from '../../journal/observations.js';
import { createLoadFigures, type LoadFigures } from './load-figures.js';
import type { LoadConfig, LoadOrder, LoadSummary } from './load-protocol.js';
import type { Row } from './rows.js';
import { ScenarioLoop } from './scenario-loop.js';
import { Sender } from './sender.js';

/** The time between this call and the first request, so that a process that has just started is not late at once. */
const LEAD_MS = 20;

export interface LoadLoopOptions {
  readonly config: LoadConfig;
  /** Of each scenario, in their order. */
  readonly rows: readonly (readonly Row[])[];
  readonly clock: Clock;
  readonly onExchange: (exchange: Exchange) => void;
}

export class LoadLoop implements AsyncDisposable {
  readonly #figures: LoadFigures;
  readonly #sender: Sender;
  readonly #scenarios: readonly ScenarioLoop[];

  /** Starts at once. */
  constructor({ config, rows, clock, onExchange }: LoadLoopOptions) {
    const startMs = clock.nowMs() + LEAD_MS;
    const { timeoutMs, connectionsMax } = config;
    this.#sender = new Sender({ clock, timeoutMs, connectionsMax });
    this.#figures = createLoadFigures({ samplesFromMs: startMs + config.warmUpMs });
    const ordinals = new Map<string, number>();
    const nextOrdinal = (instance: string): number => {
      const ordinal = (ordinals.get(instance) ?? 0) + 1;
      ordinals.set(instance, ordinal);
      return ordinal;
    };
    const ports = { clock, sender: this.#sender, figures: this.#figures, onExchange, nextOrdinal };
    this.#scenarios = config.scenarios.map((scenario, i) => new ScenarioLoop(ports, { scenario, rows: rows[i] ?? [], config, startMs }));
  }

  /** An order for a scenario that there is none of does nothing: whoever made the plan has checked the name. */
  obey(order: Exclude<LoadOrder, { order: 'stop' }>): void {
    for (const scenario of this.#scenarios.filter(({ name }) => order.scenario === undefined || order.scenario === name)) {
      if (order.order === 'pause') scenario.pause();
      else if (order.order === 'resume') scenario.resume();
      else scenario.setLevel(order.level);
    }
  }

  /** Sends nothing more and waits for what is in flight, at most `timeoutMs`. Call it once. */
  async stop(): Promise<void> {
    for (const scenario of this.#scenarios) scenario.stop();
    await this.#sender.idle();
  }

  /** The figures so far; `lost` counts exchanges that nobody took. */
  summary(lost: number): LoadSummary {
    return this.#figures.summary(lost);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const scenario of this.#scenarios) scenario.stop();
    await this.#sender[Symbol.asyncDispose]();
  }
}
