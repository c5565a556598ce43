/**
 * The gateway's way to payments: one call with a time limit, behind an opossum breaker when that is switched on. A payment that cannot be made
 * now is queued (202); with the breaker off the caller gets the failure (502). It never retries: a payment is not idempotent.
 */
import type CircuitBreaker from 'opossum';
import { Pool } from 'undici';
import type { Clock } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import { BODY_BYTES_MAX } from '../body.js';
import { type BreakerState, createBreaker } from '../breaker.js';
import { deadline } from '../deadline.js';
import type { Address } from '../environment.js';

export interface Payment {
  readonly path: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly requestId: string;
}

export interface PaymentAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface PaymentsClientOptions {
  readonly address: Address;
  readonly breaker: boolean;
  /** Time for the whole answer, in ms; left out: for ever. */
  readonly answerMsMax?: number;
  readonly clock: Clock;
  /** Told of every state that the breaker enters. */
  readonly onBreaker?: (state: BreakerState) => void;
}

const CONNECTIONS_MAX = 64;

/** Over which the breaker counts. */
const BREAKER_WINDOW_MS = 2_000;

export class PaymentsClient implements AsyncDisposable {
  readonly #pool: Pool;
  readonly #clock: Clock;
  readonly #answerMsMax: number | undefined;
  readonly #breaker: CircuitBreaker<[Payment], PaymentAnswer> | undefined;

  constructor({ address, breaker, answerMsMax, clock, onBreaker }: PaymentsClientOptions) {
    this.#pool = new Pool(`http://${address.host}:${address.port}`, {
      connections: CONNECTIONS_MAX,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: BODY_BYTES_MAX,
    });
    this.#clock = clock;
    this.#answerMsMax = answerMsMax;
    if (!breaker) return;
    this.#breaker = createBreaker({
      call: (payment) => this.#call(payment),
      fallback: (): PaymentAnswer => ({ status: 202, body: { queued: true } }),
      windowMs: BREAKER_WINDOW_MS,
      ...(onBreaker && { onState: onBreaker }),
    });
  }

  /** Never rejects: what went wrong is the answer. */
  async pay(payment: Payment): Promise<PaymentAnswer> {
    try {
      return await (this.#breaker === undefined ? this.#call(payment) : this.#breaker.fire(payment));
    } catch (error) {
      return { status: 502, body: { error: `payments: ${reasonOf(error)}` } };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#breaker?.shutdown();
    await this.#pool.destroy();
  }

  /** Rejects on a server error too, so that the breaker counts it. */
  async #call({ path, body, contentType, requestId }: Payment): Promise<PaymentAnswer> {
    using limit = deadline(this.#clock, this.#answerMsMax);
    const answer = await this.#pool.request({
      path,
      method: 'POST',
      headers: { 'content-type': contentType, 'x-request-id': requestId },
      body,
      signal: limit.signal,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 500) throw new Error(`answered ${answer.statusCode}`);
    return { status: answer.statusCode, body: parse(text) };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not for us to judge: it goes on as a string.
    return text;
  }
}
