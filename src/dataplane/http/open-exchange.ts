/** An exchange while it lasts: what the two sides of a relay know of one request and its answer, and the observation that it becomes. */
import type { Exchange, ExchangeEnd } from '../../journal/observations.js';
import type { Life } from '../faults/active-fault.js';
import { ownText } from './own-text.js';
import type { ParsedRequest } from './request-head.js';

const PATH_CHARACTERS_MAX = 512;
/** Longer than any method there is; what is sent to the callee is not cut. */
const METHOD_CHARACTERS_MAX = 64;

/** What this link says in the callee's place. `closes`: the connection ends with it. */
export interface Answer {
  status: number;
  bytes: Buffer;
  closes: boolean;
  /** How the exchange is recorded when the answer has gone out. */
  end: ExchangeEnd;
}

export class OpenExchange implements Life {
  readonly ordinal: number;
  readonly startMs: number;
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  /** Undefined for a request that was refused before it was understood. */
  readonly request: ParsedRequest | undefined;
  bytesUp = 0;
  bytesDown = 0;
  requestEndMs: number | undefined;
  responseStartMs: number | undefined;
  status: number | undefined;
  /** We answer in the callee's place, which gets no request; `answer` is set when it is time. */
  isOurs = false;
  answer: Answer | undefined;
  #isRecorded = false;
  #ends: (() => void)[] | undefined;
  #matched: string[] | undefined;
  #applied: string[] | undefined;

  constructor(given: { ordinal: number; startMs: number; method: string; path: string; request?: ParsedRequest }) {
    this.ordinal = given.ordinal;
    this.startMs = given.startMs;
    this.method = ownText(given.method.slice(0, METHOD_CHARACTERS_MAX));
    this.path = ownText(given.path.slice(0, PATH_CHARACTERS_MAX));
    this.request = given.request;
    this.token = given.request?.token && ownText(given.request.token);
  }

  /** It has been told of, and is over for all who count it. */
  get isRecorded(): boolean {
    return this.#isRecorded;
  }

  /** True once: it is to be told of now. */
  close(): boolean {
    if (this.#isRecorded) return false;
    this.#isRecorded = true;
    for (const ended of this.#ends ?? []) ended();
    return true;
  }

  onEnd(ended: () => void): void {
    if (this.#isRecorded) {
      ended();
      return;
    }
    this.#ends ??= [];
    this.#ends.push(ended);
  }

  /** Notes a fault that looked at this exchange, once, and whether the percentage chose it. */
  met(faultId: string, isApplied: boolean): void {
    this.#matched ??= [];
    if (!this.#matched.includes(faultId)) this.#matched.push(faultId);
    if (!isApplied) return;
    this.#applied ??= [];
    if (!this.#applied.includes(faultId)) this.#applied.push(faultId);
  }

  toObservation(at: { link: string; from: string; to: string; connection: number }, told: { end: ExchangeEnd; endMs: number }): Exchange {
    const exchange: Exchange = {
      kind: 'exchange',
      link: at.link,
      from: at.from,
      to: at.to,
      connection: at.connection,
      ordinal: this.ordinal,
      method: this.method,
      path: this.path,
      startMs: this.startMs,
      endMs: told.endMs,
      end: told.end,
      bytesUp: this.bytesUp,
      bytesDown: this.bytesDown,
    };
    if (this.token !== undefined) exchange.token = this.token;
    if (this.requestEndMs !== undefined) exchange.requestEndMs = this.requestEndMs;
    if (this.responseStartMs !== undefined) exchange.responseStartMs = this.responseStartMs;
    if (this.status !== undefined) exchange.status = this.status;
    if (this.#matched !== undefined) exchange.matched = this.#matched;
    if (this.#applied !== undefined) exchange.applied = this.#applied;
    return exchange;
  }
}
