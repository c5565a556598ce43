/**
 * One request while it is read: whether it has its place among those to be answered, and what is to be done for it when it is over. Whatever a fault
 * wants of it besides its bytes is kept here, so that it cannot outlive it.
 */
import { createSubstitute } from './answer.js';
import { BodyPeek, PEEK_MS_MAX } from './body-peek.js';
import { DISCARD_BYTES_MAX } from './discard.js';
import type { Wait } from './hold.js';
import type { OpenExchange } from './open-exchange.js';
import { RequestCopier } from './request-copier.js';
import type { RequestHost } from './request-host.js';
import type { Copies, Substitute } from './rule-on.js';

const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n', 'latin1');

export class RequestInHand {
  readonly exchange: OpenExchange;
  readonly #host: RequestHost;
  #isQueued = false;
  /** What the caller gets in place of an answer: the request is read for nobody. */
  #substitute: Substitute | undefined;
  #copier: RequestCopier | undefined;
  #peek: BodyPeek | undefined;
  /** Reads the body as it passes by, for what is noted of it. */
  #watch: BodyPeek | undefined;
  #owesContinue = false;

  constructor(exchange: OpenExchange, host: RequestHost) {
    this.exchange = exchange;
    this.#host = host;
  }

  /** Whether it has its place among those to be answered. */
  get isQueued(): boolean {
    return this.#isQueued;
  }

  /** Whether nobody has ruled on it, because its body has to be known first. */
  get isPeeking(): boolean {
    return this.#peek !== undefined;
  }

  /** Looks into its body, of which these bytes have come, and says what to wait for; undefined if that is nothing. */
  peek(bytes: Buffer, headBytesMax: number): Wait | undefined {
    const { request } = this.exchange;
    this.#peek = request && new BodyPeek(request, { headBytesMax, bytes });
    const gate = this.#peek?.gate;
    return gate?.isOpen === false ? { kind: 'peek', gate, limitMs: PEEK_MS_MAX } : undefined;
  }

  /** The next bytes of the connection. */
  peekOn(bytes: Buffer): void {
    this.#peek?.add(bytes);
  }

  /** Reads along in the body, of which these bytes have come; nothing waits for that. */
  watch(bytes: Buffer, headBytesMax: number): void {
    const { request } = this.exchange;
    this.#watch = request && new BodyPeek(request, { headBytesMax, bytes });
    this.watchOn(Buffer.alloc(0));
  }

  /** The next bytes of the connection. */
  watchOn(bytes: Buffer): void {
    if (this.#watch === undefined) return;
    this.#watch.add(bytes);
    if (!this.#watch.gate.isOpen) return;
    this.exchange.requestBody ??= this.#watch.found;
    this.#watch = undefined;
  }

  /** There is no use in waiting for more. */
  giveUpPeek(): void {
    this.#peek?.giveUp();
  }

  /** What has been seen is all that the faults will know. */
  peeked(): void {
    this.giveUpPeek();
    this.exchange.requestBody = this.#peek?.found;
    this.#peek = undefined;
  }

  get isForNobody(): boolean {
    return this.#substitute !== undefined;
  }

  /** So many bytes of it have come. True if that is more than is read for nobody. */
  took(byteCount: number): boolean {
    this.exchange.bytesUp += byteCount;
    return this.isForNobody && this.exchange.bytesUp > DISCARD_BYTES_MAX;
  }

  enqueue(): void {
    this.#owesContinue = false;
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#host.enqueue(this.exchange);
  }

  /** It is to be sent again. */
  copy(copies: readonly Copies[]): void {
    this.#copier = new RequestCopier(copies, this.exchange);
  }

  /** These bytes of it go to the callee. */
  sending(bytes: Buffer): void {
    this.#copier?.add(bytes);
  }

  get isToBeCopied(): boolean {
    return this.#copier !== undefined;
  }

  /** All of it has gone to the callee. */
  sent(): void {
    for (const order of this.#copier?.take() ?? []) this.#host.sendCopies(order, this.exchange);
  }

  /** The callee does not get it. True if that can be said at once, without reading it to its end. */
  answerInstead(substitute: Substitute): boolean {
    const { exchange } = this;
    exchange.isOurs = true;
    this.#substitute = substitute;
    this.enqueue();
    if (substitute.kind !== 'reply' || exchange.request?.expectsContinue) return true;
    const framing = exchange.request?.framing;
    return typeof framing === 'number' && framing > DISCARD_BYTES_MAX;
  }

  /** The answer is ready to be given. `mayKeepAlive`: the request has been read to its end. */
  giveSubstitute(mayKeepAlive: boolean): void {
    if (this.#substitute === undefined) return;
    this.exchange.answer = createSubstitute(this.#substitute, { request: this.exchange.request, mayKeepAlive });
    this.#substitute = undefined;
  }

  /** Whether the caller holds the body back until it is asked for, and the callee is not to ask. */
  get owesContinue(): boolean {
    return this.#owesContinue;
  }

  /** Its body is wanted before anything goes to the callee. */
  askForBody(): void {
    if (this.exchange.request?.expectsContinue !== true) return;
    this.#owesContinue = true;
    this.#host.answerDue();
  }

  /** Every answer before it has been given. */
  answersGiven(): void {
    if (!this.#owesContinue) return;
    this.#owesContinue = false;
    this.#host.sendInterim(CONTINUE);
  }
}
