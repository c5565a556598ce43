/**
 * The checkout's way to many payments instances: a balancer with outlier ejection by 5xx answers in a row, a time limit for each attempt, and
 * retries on another host, after a wait with jitter, within a budget. Blind to slowness on purpose: a timeout is no 5xx, as in detectors that count only those.
 */
import { Agent } from 'undici';
import type { Clock } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import { BODY_BYTES_MAX } from '../body.js';
import { deadline } from '../deadline.js';
import type { Address } from '../environment.js';
import { type Balancer, createBalancer } from './balancer.js';
import { defaultEjectionPolicy } from './ejection.js';
import type { Payment, PaymentAnswer } from './payments-client.js';
import { createRetries, type Retries } from './retries.js';

export interface PaymentsPoolOptions {
  readonly name: string;
  readonly hosts: readonly Address[];
  readonly ejection: boolean;
  /** Off: up to ten attempts, at once, on the host that has just failed. */
  readonly restraint: boolean;
  readonly clock: Clock;
  readonly log: (event: Readonly<Record<string, unknown>>) => void;
}

const CONNECTIONS_MAX = 64;
const ATTEMPT_MS_MAX = 1_000;
const HEALTH_MS_MAX = 1_000;
const ATTEMPTS_MAX = 3;
const ATTEMPTS_MAX_UNRESTRAINED = 10;
const EJECTION = { ...defaultEjectionPolicy, errorsInARow: 5, outRatioMax: 0.2 };

export class PaymentsPool implements AsyncDisposable {
  readonly #options: PaymentsPoolOptions;
  readonly #agent = new Agent({ connections: CONNECTIONS_MAX, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: BODY_BYTES_MAX });
  readonly #balancer: Balancer;
  readonly #retries: Retries;

  constructor(options: PaymentsPoolOptions) {
    this.#options = options;
    const { hosts, ejection, restraint, clock, log, name } = options;
    this.#retries = createRetries({ name, attemptsMax: restraint ? ATTEMPTS_MAX : ATTEMPTS_MAX_UNRESTRAINED, restraint, clock });
    this.#balancer = createBalancer({
      hostCount: hosts.length,
      ...(ejection && { ejection: EJECTION }),
      onChange: (host, state) => log({ event: state.kind === 'out' ? 'ejected' : 'readmitted', host, ...state }),
    });
  }

  /** Never rejects: what went wrong is the answer. */
  async pay(payment: Payment): Promise<PaymentAnswer> {
    const { clock, restraint } = this.#options;
    let host = this.#balancer.pick(clock.nowMs());
    return this.#retries.run({
      attempt: (number) => {
        if (number > 1 && restraint) host = this.#balancer.pick(clock.nowMs());
        return this.#attempt(host, payment);
      },
      isFailure: ({ status }) => status >= 500,
    });
  }

  /** Shallow, as load balancers do it: what it says is noted on the wire and changes nothing here. */
  async checkHealth(): Promise<void> {
    await Promise.all(this.#options.hosts.map((host) => this.#isUp(host)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  async #attempt(index: number, { path, body, contentType, requestId }: Payment): Promise<PaymentAnswer> {
    const { clock, hosts } = this.#options;
    using limit = deadline(clock, ATTEMPT_MS_MAX);
    try {
      const answer = await this.#agent.request({
        origin: originOf(hosts[index]),
        path,
        method: 'POST',
        headers: { 'content-type': contentType, 'x-request-id': requestId },
        body,
        signal: limit.signal,
      });
      const text = await answer.body.text();
      this.#balancer.report(index, answer.statusCode >= 500, clock.nowMs());
      return { status: answer.statusCode, body: text };
    } catch (error) {
      return { status: 504, body: { error: `payments: ${reasonOf(error)}` } };
    }
  }

  async #isUp(host: Address): Promise<boolean> {
    using limit = deadline(this.#options.clock, HEALTH_MS_MAX);
    try {
      const answer = await this.#agent.request({ origin: originOf(host), path: '/health', method: 'GET', signal: limit.signal });
      await answer.body.dump();
      return answer.statusCode === 200;
    } catch {
      return false;
    }
  }
}

function originOf(address: Address | undefined): string {
  return `http://${address?.host}:${address?.port}`;
}
