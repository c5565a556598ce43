/**
 * Tells one receiver, one notice after the other. Nobody waits for it while a run goes on; a receiver that fails is asked again a few times, then its notice is
 * given up and that is said. What a reader would get wrong: an answer that got lost means a notice may come twice, and `idempotency-key` tells that it is the same.
 */
import { Agent, RetryAgent } from 'undici';
import type { Clock } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import type { Notice } from './notice.js';
import { noticeBody } from './notice-body.js';
import type { Receiver } from './receiver.js';

/** Of one notice, with all tries. */
const NOTICE_MS_MAX = 15_000;
const TRY_MS_MAX = 4_000;
const RETRIES_MAX = 3;
const RETRY_AFTER_MS = 300;
const RETRY_AFTER_MS_MAX = 3_000;
/** How long the end of a run waits for what was not told yet. */
const CLOSE_MS_MAX = 10_000;
const ANSWER_BYTES_MAX = 16_384;

export interface WebhookPorts {
  clock: Clock;
  /** One sentence about a notice that could not be delivered. */
  onFailure(said: string): void;
}

export class Webhook {
  readonly #receiver: Receiver;
  readonly #ports: WebhookPorts;
  readonly #agent = new RetryAgent(new Agent({ connectTimeout: TRY_MS_MAX, headersTimeout: TRY_MS_MAX, bodyTimeout: TRY_MS_MAX }), {
    maxRetries: RETRIES_MAX,
    minTimeout: RETRY_AFTER_MS,
    maxTimeout: RETRY_AFTER_MS_MAX,
    methods: ['POST'],
    statusCodes: [429, 500, 502, 503, 504],
  });
  readonly #givenUp = new AbortController();
  /** At most one notice of each kind waits here. */
  #told: Promise<void> = Promise.resolve();

  constructor(receiver: Receiver, ports: WebhookPorts) {
    this.#receiver = receiver;
    this.#ports = ports;
  }

  /** Puts it in line, if the receiver wants to know; never throws. */
  tell(notice: Notice): void {
    if (!this.#receiver.on.includes(notice.kind)) return;
    this.#told = this.#told.then(() => this.#deliver(notice));
  }

  /** Waits for what is in line, for so long; then gives it up. Never rejects. */
  async close(): Promise<void> {
    const timer = this.#ports.clock.after(CLOSE_MS_MAX, () => this.#givenUp.abort(new Error('the run is over, and nobody waits longer')));
    await this.#told;
    timer.cancel();
    await this.#agent.destroy();
  }

  async #deliver(notice: Notice): Promise<void> {
    const { clock, onFailure } = this.#ports;
    const late = new AbortController();
    const timer = clock.after(NOTICE_MS_MAX, () => late.abort(new Error(`not delivered within ${NOTICE_MS_MAX / 1_000} s`)));
    const signal = AbortSignal.any([late.signal, this.#givenUp.signal]);
    try {
      await this.#post(notice, signal);
    } catch (error) {
      const reason = signal.aborted ? reasonOf(signal.reason) : reasonOf(error);
      onFailure(`${this.#receiver.url.host} was not told of the ${notice.kind}: ${reason}`);
    } finally {
      timer.cancel();
    }
  }

  async #post(notice: Notice, signal: AbortSignal): Promise<void> {
    const { url, shape } = this.#receiver;
    const { statusCode, body } = await this.#agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'faultlab',
        'idempotency-key': `${notice.run}/${notice.kind}`,
        ...credentialsOf(url),
      },
      body: noticeBody(notice, shape),
      signal,
    });
    await body.dump({ limit: ANSWER_BYTES_MAX, signal });
    // A receiver that sends us elsewhere is not followed: where it leads to was not agreed on.
    if (statusCode < 200 || statusCode > 299) throw new Error(`it answered ${statusCode}`);
  }
}

/** `https://name:password@host` as the header that it stands for. */
function credentialsOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}
