/** One lock of the lock service as a worker has it: asked for again and again by who waits, and for more time by who holds it. */
import type { Clock } from '../../core/clock.js';
import type { JsonCaller } from '../call-json.js';
import type { Address } from '../environment.js';
import { every } from '../every.js';
import { type Holding, holdingOf, isHeld } from './holding.js';

interface LockOptions {
  readonly name: string;
  readonly holder: string;
  readonly service: Address;
  readonly caller: JsonCaller;
  readonly clock: Clock;
  readonly log: (event: Readonly<Record<string, unknown>>) => void;
}

const ASK_MS = 400;
const ANSWER_MS_MAX = 1_000;

export class Lock implements Disposable {
  readonly #options: LockOptions;
  readonly #asks: Disposable;
  #holding: Holding | undefined;

  constructor(options: LockOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#asks = every(
      clock,
      ASK_MS,
      () => this.#ask(),
      (error) => log({ event: 'ask', error: String(error) }),
    );
  }

  /** What it got last and was not told to have lost; `isHeld` says whether its time is over. */
  get holding(): Holding | undefined {
    return this.#holding;
  }

  lose(token: number): void {
    if (this.#holding?.token === token) this.#become(undefined);
  }

  [Symbol.dispose](): void {
    this.#asks[Symbol.dispose]();
  }

  async #ask(): Promise<void> {
    const { name, holder, service, caller, clock } = this.#options;
    const askedMs = clock.nowMs();
    const held = isHeld(this.#holding, askedMs) ? this.#holding : undefined;
    const { status, body } = await caller.call(service, {
      method: 'POST',
      path: `/locks/${name}`,
      body: { holder, ...(held !== undefined && { token: held.token }) },
      answerMsMax: ANSWER_MS_MAX,
    });
    if (status === 200) this.#become(holdingOf({ token: Number(body['token']), leaseMs: Number(body['leaseMs']), askedMs }));
    if (status === 409) this.#become(undefined);
  }

  #become(holding: Holding | undefined): void {
    if (holding?.token !== this.#holding?.token)
      this.#options.log({ event: holding === undefined ? 'lost' : 'granted', token: holding?.token });
    this.#holding = holding;
  }
}
