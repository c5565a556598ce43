/**
 * A client's way to the leader: the member that led last is asked first, and whoever is named in an answer is asked next. Behind an opossum breaker
 * when that is switched on, so that a cluster without a leader is left alone for a while.
 */
import type CircuitBreaker from 'opossum';
import { LabError } from '../core/errors.js';
import { createBreaker } from './breaker.js';
import type { JsonAnswer, JsonCall, JsonCaller } from './call-json.js';
import type { Address } from './environment.js';

export interface LeaderClientOptions {
  /** By name, because members name each other. */
  readonly members: ReadonlyMap<string, Address>;
  readonly caller: JsonCaller;
  readonly breaker: boolean;
  readonly log: (event: Readonly<Record<string, unknown>>) => void;
}

/** Longer than the leader's own attempts on the store, so that the leader says what went wrong. */
const ANSWER_MS_MAX = 2_000;
/** The one that led last, the one that it names, and one more where that has just changed. */
const HOPS_MAX = 3;

/** Over which the breaker counts. */
const BREAKER_WINDOW_MS = 1_000;

type Ask = Omit<JsonCall, 'answerMsMax'>;

export class LeaderClient implements Disposable {
  readonly #options: LeaderClientOptions;
  readonly #names: readonly string[];
  readonly #breaker: CircuitBreaker<[Ask], JsonAnswer> | undefined;
  #next = 0;

  constructor(options: LeaderClientOptions) {
    this.#options = options;
    this.#names = [...options.members.keys()];
    if (!options.breaker) return;
    this.#breaker = createBreaker({
      call: (ask) => this.#follow(ask),
      fallback: (): JsonAnswer => ({ status: 503, body: { error: 'members are left alone for a moment' } }),
      windowMs: BREAKER_WINDOW_MS,
      onState: (state) => options.log({ event: 'breaker', state }),
    });
  }

  /** Never rejects: what went wrong is the answer. */
  async ask(ask: Ask): Promise<JsonAnswer> {
    try {
      return await (this.#breaker === undefined ? this.#follow(ask) : this.#breaker.fire(ask));
    } catch (error) {
      return { status: 503, body: { error: String(error) } };
    }
  }

  [Symbol.dispose](): void {
    this.#breaker?.shutdown();
  }

  /** Rejects when no leader took it, so that the breaker counts it. */
  async #follow(ask: Ask): Promise<JsonAnswer> {
    let said = 'nobody was asked';
    for (let hop = 1; hop <= HOPS_MAX; hop++) {
      const answer = await this.#options.caller.call(this.#address(), { ...ask, answerMsMax: ANSWER_MS_MAX });
      if (answer.status >= 200 && answer.status < 500 && answer.status !== 421) return answer;
      said = `answered ${answer.status}`;
      const named = answer.leader === undefined ? -1 : this.#names.indexOf(answer.leader);
      this.#next = named === -1 ? (this.#next + 1) % this.#names.length : named;
      if (named === -1) break;
    }
    throw new Error(`members: ${said}`);
  }

  #address(): Address {
    const address = this.#options.members.get(this.#names[this.#next] ?? '');
    if (address === undefined) throw new LabError('USAGE', { problem: 'expected at least one member, found none' });
    return address;
  }
}
