/**
 * Caller → callee: finds the requests in what the caller sends, has the faults rule on each head, and passes the bytes on as they came. As
 * long as nothing is odd, one read goes out in one piece. What must wait (a delayed head, whatever follows a request for a tunnel) is kept
 * here with all that follows it, and the caller is paused when that grows beyond one head.
 */
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { ProxyLimits } from '../proxy.js';
import type { Wire } from '../wire.js';
import { createAnswer, createRefusal, DISCARD_BYTES_MAX } from './answer.js';
import { Chunk } from './chunk.js';
import { Hold } from './hold.js';
import { KeptBytes } from './kept-bytes.js';
import type { Malformation } from './malformation.js';
import { MessageReader } from './message-reader.js';
import { OpenExchange } from './open-exchange.js';
import { createRefusedExchange } from './refused-exchange.js';
import { type ParsedRequest, parseRequestHead } from './request-head.js';
import type { RequestHost } from './request-host.js';
import type { Reply, Ruling } from './rule-on.js';

/**
 * `held`: a head is delayed. `awaiting`: a tunnel was asked for and not answered. `spent`: no further request is taken, what comes is
 * dropped. `closed`: the connection is over.
 */
type Phase = 'reading' | 'held' | 'awaiting' | 'tunnel' | 'spent' | 'closed';

export class RequestSide {
  readonly #clock: Clock;
  readonly #limits: ProxyLimits;
  readonly #host: RequestHost;
  readonly #reader: MessageReader;
  readonly #hold: Hold;
  #phase: Phase = 'reading';
  #ordinal = 0;
  /** The exchange whose request is being read; in a tunnel, the one that opened it. */
  #current: OpenExchange | undefined;
  /** Set while the body of `current` is read for nobody: the reply that is due when it is over. */
  #reply: Reply | undefined;
  /** What the faults said of the head that is held. */
  #ruling: Ruling | undefined;
  readonly #kept = new KeptBytes();
  /** How much of what is kept has been parsed: the head that is held. */
  #parsedBytes = 0;
  #hasEnded = false;

  constructor({ clock, limits, host }: { clock: Clock; limits: ProxyLimits; host: RequestHost }) {
    this.#clock = clock;
    this.#limits = limits;
    this.#host = host;
    this.#reader = new MessageReader({ kind: 'request', headBytesMax: limits.headBytesMax });
    this.#hold = new Hold(clock, () => this.#released());
  }

  /** Whether so much waits here that the caller must not send more. */
  get isFull(): boolean {
    return this.#isWaiting() && this.#kept.length > this.#limits.headBytesMax;
  }

  /** The exchange that has not taken its place in the queue, because a fault delays its head. */
  get heldExchange(): OpenExchange | undefined {
    return this.#phase === 'held' ? this.#current : undefined;
  }

  data(bytes: Buffer, source: Wire): void {
    if (this.#is('spent') || this.#is('closed')) return;
    if (this.#phase === 'tunnel') {
      if (this.#current !== undefined) this.#current.bytesUp += bytes.length;
      this.#host.sendUp(bytes, source);
      return;
    }
    const nowMs = this.#clock.nowMs();
    if (this.#isWaiting() || this.#kept.length > 0) this.#kept.append(bytes, nowMs);
    if (this.#isWaiting()) this.#host.steer();
    else this.#pump(this.#kept.length > 0 ? this.#takeKept() : new Chunk(bytes, { source, nowMs }));
  }

  /** The caller half-closed. */
  end(): void {
    this.#hasEnded = true;
    this.#endIfDone();
  }

  /** The callee has answered a request for a tunnel. */
  tunnelAnswered(isTunnel: boolean): void {
    if (this.#phase !== 'awaiting') return;
    const chunk = this.#takeKept();
    this.#phase = isTunnel ? 'tunnel' : 'reading';
    if (isTunnel) {
      if (this.#current !== undefined) this.#current.bytesUp += chunk.bytes.length;
      this.#flush(chunk, chunk.bytes.length);
    } else {
      this.#current = undefined;
      this.#pump(chunk);
    }
    this.#host.steer();
    this.#endIfDone();
  }

  /** Drops the delays of faults that are gone. */
  retainDelays(faults: readonly ActiveFault[]): void {
    this.#hold.retain(faults);
  }

  /** Takes no further byte. No timer is alive afterwards. */
  close(): void {
    this.#phase = 'closed';
    this.#hold.cancel();
    this.#kept.take();
    this.#current = undefined;
  }

  #isWaiting(): boolean {
    return this.#is('held') || this.#is('awaiting');
  }

  /** Asked through a function, because whatever the host is told may change it. */
  #is(phase: Phase): boolean {
    return this.#phase === phase;
  }

  #pump(chunk: Chunk): void {
    while (!chunk.isParsed && this.#is('reading')) {
      const startAt = chunk.at;
      chunk.at = this.#reader.advance(chunk.bytes, startAt);
      if (this.#current !== undefined) this.#current.bytesUp += chunk.at - startAt;
      switch (this.#reader.event) {
        case 'head':
          this.#headRead(chunk, startAt);
          break;
        case 'flow':
          this.#bodyRead(chunk);
          break;
        case 'end':
          this.#requestRead(chunk);
          break;
        case 'partial':
          this.#bodyRead(chunk);
          this.#flush(chunk, chunk.at);
          this.#keep(chunk, chunk.at);
          break;
        case 'malformed':
          this.#refuse(this.#reader.problem as Malformation, chunk, startAt);
      }
    }
    if (this.#is('spent') || this.#is('closed')) return;
    this.#flush(chunk, chunk.at);
    if (!chunk.isParsed) this.#keep(chunk, chunk.at);
  }

  #headRead(chunk: Chunk, startAt: number): void {
    const request = parseRequestHead(this.#reader.headText);
    if (typeof request === 'string') {
      this.#refuse(request, chunk, startAt);
      return;
    }
    chunk.messageAt = startAt;
    this.#ordinal += 1;
    const { method, target: path } = request;
    const exchange = new OpenExchange({ ordinal: this.#ordinal, startMs: chunk.sinceMs, method, path, request });
    exchange.bytesUp = chunk.at - startAt;
    this.#current = exchange;
    const ruling = this.#host.ruleOnRequest(exchange);
    if (ruling === undefined || ruling.waits.length === 0) {
      this.#settle(ruling, { exchange, request, chunk, startAt });
      return;
    }
    if (!this.#flush(chunk, startAt)) return;
    this.#ruling = ruling;
    this.#phase = 'held';
    this.#parsedBytes = chunk.at - startAt;
    this.#keep(chunk, startAt);
    this.#hold.start(ruling.waits);
    this.#host.steer();
  }

  /** The delay is over: what was held goes on as if it had come just now. */
  #released(): void {
    const exchange = this.#current;
    const chunk = this.#takeKept();
    chunk.at = this.#parsedBytes;
    chunk.messageAt = 0;
    this.#phase = 'reading';
    if (exchange?.request !== undefined) this.#settle(this.#ruling, { exchange, request: exchange.request, chunk, startAt: 0 });
    this.#pump(chunk);
    this.#host.steer();
    this.#endIfDone();
  }

  /** Does what the faults have said of a head, once its delays are over. */
  #settle(ruling: Ruling | undefined, message: { exchange: OpenExchange; request: ParsedRequest; chunk: Chunk; startAt: number }): void {
    const { exchange, request, chunk, startAt } = message;
    switch (ruling?.outcome?.kind) {
      case undefined:
        this.#host.enqueue(exchange);
        if (this.#reader.startBody(request.framing)) this.#requestRead(chunk);
        return;
      case 'reset':
        chunk.drop();
        this.#host.cutByFault();
        return;
      case 'reply':
        if (!this.#flush(chunk, startAt)) return;
        exchange.isOurs = true;
        this.#reply = ruling.outcome;
        this.#host.enqueue(exchange);
        if (this.#reader.startBody(request.framing)) this.#requestRead(chunk);
        else if (request.expectsContinue || (typeof request.framing === 'number' && request.framing > DISCARD_BYTES_MAX)) {
          this.#replyUnread(chunk);
        }
    }
  }

  /** Body bytes have come. Those that nobody wants are dropped, up to the bound. */
  #bodyRead(chunk: Chunk): void {
    if (this.#reply === undefined) return;
    chunk.from = chunk.at;
    if (this.#current !== undefined && this.#current.bytesUp > DISCARD_BYTES_MAX) this.#replyUnread(chunk);
  }

  /** The request is whole. */
  #requestRead(chunk: Chunk): void {
    const exchange = this.#current;
    const request = exchange?.request;
    if (exchange === undefined || request === undefined) return;
    exchange.requestEndMs = chunk.nowMs;
    chunk.messageAt = undefined;
    const reply = this.#reply;
    if (reply !== undefined) {
      chunk.from = chunk.at;
      this.#reply = undefined;
      exchange.answer = createAnswer(reply, { request, mayKeepAlive: true, end: 'complete' });
    } else if (request.asksForTunnel) {
      if (this.#flush(chunk, chunk.at)) this.#phase = 'awaiting';
      return;
    }
    this.#current = undefined;
    if (!request.keepsAlive) this.#spend(chunk);
    if (reply !== undefined) this.#host.answerDue();
  }

  /** Replies to a request whose body will not be read to its end. The connection cannot go on after that. */
  #replyUnread(chunk: Chunk): void {
    const exchange = this.#current;
    if (exchange === undefined || this.#reply === undefined) return;
    exchange.answer = createAnswer(this.#reply, { request: exchange.request, mayKeepAlive: false, end: 'complete' });
    this.#reply = undefined;
    this.#current = undefined;
    chunk.from = chunk.at;
    this.#spend(chunk);
    this.#host.answerDue();
  }

  #refuse(problem: Malformation, chunk: Chunk, startAt: number): void {
    let exchange = this.#current;
    const goodTo = exchange === undefined ? startAt : chunk.messageAt;
    // Of a request that began in this very read, the callee need not see anything.
    if (goodTo !== undefined && !this.#flush(chunk, goodTo)) return;
    if (exchange === undefined) {
      this.#ordinal += 1;
      exchange = createRefusedExchange({ ordinal: this.#ordinal, startMs: chunk.sinceMs, bytes: chunk.bytes.subarray(startAt) });
      this.#host.enqueue(exchange);
    }
    exchange.answer = createRefusal(400, problem, { request: undefined, end: 'malformedRequest' });
    this.#reply = undefined;
    this.#current = undefined;
    chunk.drop();
    this.#phase = 'spent';
    this.#host.refused(exchange);
  }

  /** No further request is taken; what has been read so far goes out. */
  #spend(chunk: Chunk): void {
    if (this.#flush(chunk, chunk.at)) this.#phase = 'spent';
    chunk.drop();
  }

  /** Sends what is due up to `to`. False: a fault took that as the occasion to cut the connection, and all is over. */
  #flush(chunk: Chunk, to: number): boolean {
    const bytes = chunk.take(to);
    if (bytes !== undefined && !this.#is('closed')) this.#host.sendUp(bytes, chunk.source);
    return !this.#is('closed');
  }

  #keep(chunk: Chunk, from: number): void {
    this.#kept.append(chunk.takeRest(from), chunk.sinceMs);
  }

  #takeKept(): Chunk {
    return new Chunk(this.#kept.take(), { source: undefined, nowMs: this.#clock.nowMs(), sinceMs: this.#kept.sinceMs });
  }

  /** An end that comes behind held bytes waits for them. */
  #endIfDone(): void {
    if (!this.#hasEnded || this.#phase === 'closed') return;
    if (this.#isWaiting() && this.#kept.length > 0) return;
    this.#host.requestsEnded(this.#reply !== undefined);
  }
}
