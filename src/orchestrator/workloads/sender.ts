/**
 * Sends one request and says how it ended, exactly once. A reader may miss that `connectionsMax` does not hold requests back: one that waits for a
 * connection is already counting its time, from the instant at which it was meant to start.
 */
import { Pool } from 'undici';
import type { Clock } from '../../core/clock.js';
import type { Exchange, ExchangeEnd } from '../../journal/observations.js';
import type { AnswerHeaders } from '../probes/answer-marker.js';
import { exchangeEnd } from './exchange-end.js';
import type { MadeRequest } from './request-maker.js';

/** Of a body that somebody wants to look into; what comes after is counted only. */
const TEXT_BYTES_MAX = 1024 * 1024;

export interface Sending {
  address: string;
  request: MadeRequest;
  /** Intended start. */
  startMs: number;
  /** The body is kept for whoever judges it. */
  withText: boolean;
}

export type Outcome = Pick<Exchange, 'end' | 'endMs' | 'bytesDown' | 'status' | 'responseStartMs'> & {
  text: string;
  /** Of the answer; none where there was none. */
  headers: AnswerHeaders;
};

export interface SenderOptions {
  clock: Clock;
  /** From the intended start; then the request is given up. */
  timeoutMs: number;
  /** Keep-alive connections to each address. */
  connectionsMax: number;
}

export class Sender implements AsyncDisposable {
  readonly #options: SenderOptions;
  readonly #pools = new Map<string, Pool>();
  #inFlight = 0;
  #onIdle: (() => void) | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Requests that undici still holds, given up or not. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Resolves when none is in flight, at the latest after `timeoutMs`. Call it once. */
  async idle(): Promise<void> {
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** `onEnd` is called once, never before this has returned. */
  send({ address, request, startMs, withText }: Sending, onEnd: (outcome: Outcome) => void): void {
    const { clock, timeoutMs } = this.#options;
    const { method, path, headers, body } = request;
    const giveUp = new Error('timed out');
    let controller: { abort(reason: Error): void } | undefined;
    let answer: { status: number; responseStartMs: number } | undefined;
    let answered: AnswerHeaders = {};
    const chunks: Uint8Array[] = [];
    let bytesDown = 0;
    let isReported = false;

    const report = (end: ExchangeEnd): void => {
      if (isReported) return;
      isReported = true;
      timer.cancel();
      const text = withText ? Buffer.concat(chunks).subarray(0, TEXT_BYTES_MAX).toString('utf8') : '';
      onEnd({ ...answer, end, endMs: clock.nowMs(), bytesDown, text, headers: answered });
    };
    const timer = clock.after(Math.max(0, startMs + timeoutMs - clock.nowMs()), () => {
      report('timeout');
      controller?.abort(giveUp);
    });
    this.#inFlight += 1;
    this.#pool(address).dispatch(
      { method, path, headers, ...(body !== undefined && { body }) },
      {
        onRequestStart: (started) => {
          controller = started;
          // Given up while it waited for a connection.
          if (isReported) started.abort(giveUp);
        },
        onResponseStart: (_, status, answerHeaders) => {
          if (status < 200) return;
          answer = { status, responseStartMs: clock.nowMs() };
          answered = answerHeaders;
        },
        onResponseData: (_, chunk) => {
          if (withText && bytesDown < TEXT_BYTES_MAX) chunks.push(chunk);
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

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  #settle(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#onIdle?.();
  }

  #pool(address: string): Pool {
    const { connectionsMax, timeoutMs } = this.#options;
    const known = this.#pools.get(address);
    if (known !== undefined) return known;
    const pool = new Pool(`http://${address}`, {
      connections: connectionsMax,
      pipelining: 1,
      // Our own time-out, counted from the intended start, is the only one.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: timeoutMs },
    });
    this.#pools.set(address, pool);
    return pool;
  }
}
