/**
 * The open loop: sends each request when it is due, whatever became of those before, and reports every one of them exactly once. A reader may
 * miss that `connectionsMax` does not close the loop: a request that waits for a connection is already counting its latency.
 */
import { Pool } from 'undici';
import type { Clock, Timer } from '../../core/clock.js';
import { type Exchange, type ExchangeEnd, LOAD, linkName } from '../../journal/observations.js';
import { exchangeEnd } from './exchange-end.js';
import { createLoadFigures, type LoadFigures } from './load-figures.js';
import type { LoadConfig, LoadSummary } from './load-protocol.js';
import { constantPace, type Pace } from './pace.js';
import { createRequestMaker, type MadeRequest } from './request-maker.js';

/** The time between this call and the first request, so that a process that has just started is not late at once. */
const LEAD_MS = 20;
/** As long as an exchange's path may be. */
const PATH_CHARACTERS_MAX = 512;

interface Target {
  readonly instance: string;
  readonly pool: Pool;
  /** Requests so far: the ordinal of the next exchange on this link, less one. */
  count: number;
}

/** A request that is due, before anything is known of its end. */
interface Due {
  readonly target: Target;
  readonly request: MadeRequest;
  /** Intended start. */
  readonly startMs: number;
  readonly ordinal: number;
}

export interface OpenLoopOptions {
  readonly config: LoadConfig;
  readonly clock: Clock;
  readonly onExchange: (exchange: Exchange) => void;
}

export class OpenLoop implements AsyncDisposable {
  readonly #config: LoadConfig;
  readonly #clock: Clock;
  readonly #onExchange: (exchange: Exchange) => void;
  readonly #make: (ordinal: number) => MadeRequest;
  readonly #pace: Pace;
  readonly #figures: LoadFigures;
  readonly #targets: readonly Target[];
  readonly #startMs: number;
  #timer: Timer | undefined;
  #next = 0;
  /** Requests that undici still holds, given up or not. */
  #inFlight = 0;
  #stopped = false;
  #onIdle: (() => void) | undefined;

  /** Starts at once. */
  constructor({ config, clock, onExchange }: OpenLoopOptions) {
    this.#config = config;
    this.#clock = clock;
    this.#onExchange = onExchange;
    this.#make = createRequestMaker(config);
    this.#pace = constantPace(config.ratePerSecond);
    this.#startMs = clock.nowMs() + LEAD_MS;
    this.#figures = createLoadFigures({ ratePerSecond: config.ratePerSecond, samplesFromMs: this.#startMs + config.warmUpMs });
    this.#targets = config.targets.map(({ instance, address }) => ({ instance, pool: connect(address, config), count: 0 }));
    this.#wait();
  }

  /** Sends nothing more and waits for what is in flight, at most `timeoutMs`. Call it once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** The figures so far; `lost` counts exchanges that nobody took. */
  summary(lost: number): LoadSummary {
    return this.#figures.summary(lost);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await Promise.all(this.#targets.map(({ pool }) => pool.destroy()));
  }

  #wait(): void {
    const dueMs = this.#startMs + this.#pace.dueMs(this.#next);
    if (!Number.isFinite(dueMs)) return;
    // Whole milliseconds: waiting for fractions would spin a core that the system under test needs. Late by up to 1 ms, never early.
    const delayMs = Math.max(0, Math.ceil(dueMs - this.#clock.nowMs()));
    this.#timer = this.#clock.after(delayMs, () => this.#sendDue());
  }

  /** After a stall several are due: they leave together, each with its own intended start. */
  #sendDue(): void {
    if (this.#stopped) return;
    for (;;) {
      const startMs = this.#startMs + this.#pace.dueMs(this.#next);
      const nowMs = this.#clock.nowMs();
      if (startMs > nowMs) break;
      this.#send(this.#next, startMs, nowMs);
      this.#next += 1;
    }
    this.#wait();
  }

  #send(ordinal: number, startMs: number, nowMs: number): void {
    const target = this.#targets[ordinal % this.#targets.length];
    if (target === undefined) return;
    target.count += 1;
    const due: Due = { target, request: this.#make(ordinal), startMs, ordinal: target.count };
    if (this.#inFlight >= this.#config.inFlightMax) {
      this.#figures.notSent();
      this.#report(due, { end: 'timeout', endMs: nowMs, bytesDown: 0 });
      return;
    }
    this.#figures.sent(nowMs - startMs);
    this.#dispatch(due);
  }

  #dispatch(due: Due): void {
    const { method, path, headers, body } = due.request;
    const giveUp = new Error('timed out');
    let controller: { abort(reason: Error): void } | undefined;
    let answer: { status: number; responseStartMs: number } | undefined;
    let bytesDown = 0;
    let reported = false;

    const report = (end: ExchangeEnd): void => {
      if (reported) return;
      reported = true;
      timer.cancel();
      this.#report(due, { ...answer, end, endMs: this.#clock.nowMs(), bytesDown });
    };
    const timer = this.#clock.after(Math.max(0, due.startMs + this.#config.timeoutMs - this.#clock.nowMs()), () => {
      report('timeout');
      controller?.abort(giveUp);
    });
    this.#inFlight += 1;
    due.target.pool.dispatch(
      { method, path, headers, ...(body !== undefined && { body }) },
      {
        onRequestStart: (started) => {
          controller = started;
          // Given up while it waited for a connection.
          if (reported) started.abort(giveUp);
        },
        onResponseStart: (_, status) => {
          if (status >= 200) answer = { status, responseStartMs: this.#clock.nowMs() };
        },
        onResponseData: (_, chunk) => {
          bytesDown += chunk.length;
        },
        onResponseEnd: () => {
          report('complete');
          this.#settle();
        },
        onResponseError: (_, error) => {
          report(exchangeEnd(error));
          this.#settle();
        },
      },
    );
  }

  #settle(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#onIdle?.();
  }

  #report(
    { target, request, startMs, ordinal }: Due,
    outcome: Pick<Exchange, 'end' | 'endMs' | 'bytesDown' | 'status' | 'responseStartMs'>,
  ): void {
    const exchange: Exchange = {
      kind: 'exchange',
      link: linkName(LOAD, target.instance),
      from: LOAD,
      to: target.instance,
      // undici does not tell which connection carried a request: all of them stand under one number, and the ordinal tells them apart.
      connection: 1,
      ordinal,
      method: request.method,
      path: request.path.slice(0, PATH_CHARACTERS_MAX),
      route: request.route,
      token: request.token,
      startMs,
      bytesUp: request.body === undefined ? 0 : Buffer.byteLength(request.body),
      ...outcome,
    };
    this.#figures.ended(exchange);
    this.#onExchange(exchange);
  }
}

function connect(address: string, { connectionsMax, timeoutMs }: LoadConfig): Pool {
  return new Pool(`http://${address}`, {
    connections: connectionsMax,
    pipelining: 1,
    // Our own time-out, counted from the intended start, is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeoutMs },
  });
}
