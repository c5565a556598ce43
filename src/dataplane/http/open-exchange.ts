/** An exchange while it lasts: what the two sides of a relay know of one request and its answer, and the observation that it becomes. */
import type { Ending } from '../../journal/ending.js';
import type { Exchange, ExchangeEnd, SkipReason } from '../../journal/observations.js';
import { type Came, toldFaults } from '../encounters.js';
import type { Life } from '../faults/active-fault.js';
import type { ResponseHead } from '../faults/fault.js';
import type { RequestBody } from '../faults/request-body.js';
import type { Observed } from '../observe/observer.js';
import { ownText } from './own-text.js';
import type { ParsedRequest } from './request-head.js';

const PATH_CHARACTERS_MAX = 512;
/** Longer than any method there is; what is sent to the callee is not cut. */
const METHOD_CHARACTERS_MAX = 64;

/** What this link says in the callee's place. */
export interface Answer {
  /** Undefined: the bytes are no answer. */
  status: number | undefined;
  bytes: Buffer;
  /** What becomes of the caller's connection behind it. */
  ending: 'keep' | 'close' | 'reset';
  /** How the exchange is recorded when the answer has gone out. */
  end: ExchangeEnd;
}

/** What an exchange wants to know of its request, whatever protocol brought it. */
export interface NamedRequest extends Observed {
  /** The caller's own name for it, if it gave one. */
  readonly token: string | undefined;
}

export class OpenExchange<R extends NamedRequest = ParsedRequest> implements Life {
  readonly ordinal: number;
  readonly startMs: number;
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  /** Undefined for a request that was refused before it was understood. */
  readonly request: R | undefined;
  bytesUp = 0;
  bytesDown = 0;
  requestEndMs: number | undefined;
  responseStartMs: number | undefined;
  status: number | undefined;
  /** The callee's head as the caller was given it; undefined where somebody else answered. */
  answered: Pick<ResponseHead, 'header'> | undefined;
  /** HTTP/2 only. */
  grpcStatus: number | undefined;
  resetCode: number | undefined;
  /** Who ended it and how, where that is known better than its `end` implies. */
  ending: Ending | undefined;
  /** What of the request's body a fault had to know before it ruled. */
  requestBody: RequestBody | undefined;
  /** We answer in the callee's place, which gets no request; `answer` is set when it is time. */
  isOurs = false;
  answer: Answer | undefined;
  #isRecorded = false;
  #ends: (() => void)[] | undefined;
  /** By the faults' ids. */
  #met: Map<string, Came> | undefined;
  /** Faults that did something to the request and to the response. */
  #metTwice: Set<string> | undefined;

  /** A fault has sent it once more; the caller did not. */
  readonly #isCopy: boolean;

  constructor(given: { ordinal: number; startMs: number; method: string; path: string; request?: R; isCopy?: boolean }) {
    this.ordinal = given.ordinal;
    this.startMs = given.startMs;
    this.method = ownText(given.method.slice(0, METHOD_CHARACTERS_MAX));
    this.path = ownText(given.path.slice(0, PATH_CHARACTERS_MAX));
    this.request = given.request;
    this.#isCopy = given.isCopy ?? false;
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

  /** Notes a fault that looked at this exchange, and what came of that; one that did something once has done it. */
  met(faultId: string, came: Came): void {
    this.#met ??= new Map();
    if (this.#met.get(faultId) !== 'applied') this.#met.set(faultId, came);
    else if (came === 'applied') {
      this.#metTwice ??= new Set();
      this.#metTwice.add(faultId);
    }
  }

  /** What a fault that chose this exchange was to do to it was not done. False: that was known. */
  missed(faultId: string, why: SkipReason): boolean {
    if (this.#met?.get(faultId) !== 'applied') return false;
    // It has done something to the other message, or may yet turn out not to have.
    if (this.#metTwice?.delete(faultId)) return true;
    this.#met.set(faultId, why);
    return true;
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
    if (this.#isCopy) exchange.isCopy = true;
    if (this.token !== undefined) exchange.token = this.token;
    if (this.requestEndMs !== undefined) exchange.requestEndMs = this.requestEndMs;
    if (this.responseStartMs !== undefined) exchange.responseStartMs = this.responseStartMs;
    if (this.status !== undefined) exchange.status = this.status;
    if (this.grpcStatus !== undefined) exchange.grpcStatus = this.grpcStatus;
    if (this.resetCode !== undefined) exchange.resetCode = this.resetCode;
    if (this.#met !== undefined) Object.assign(exchange, toldFaults(this.#met));
    return exchange;
  }
}
