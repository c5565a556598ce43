/**
 * The request of one exchange, from the caller's head to the stream on which the callee has it: the faults look at it, into its body if they must, hold
 * it and change it; what they want sent again is kept.
 */
import http2, { type ClientHttp2Stream, type Http2Stream, type ServerHttp2Stream } from 'node:http2';
import type { ExchangeEnd } from '../../journal/observations.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { OpenExchange } from '../http/open-exchange.js';
import { RequestCopier } from '../http/request-copier.js';
import { miss, type Outcome, type Ruling } from '../http/rule-on.js';
import { exchangeName } from '../observe/observer.js';
import { type EarlyBody, isWorthPeeking, peekBody, WatchedBody } from './body-peek.js';
import { requestSubject } from './edit-subject.js';
import { changedBlock, type HeadChange } from './head-change.js';
import type { HeaderBlock } from './header-block.js';
import { MessagePhase, type SendOptions } from './message-phase.js';
import { StreamRequest } from './stream-head.js';
import type { StreamHost } from './stream-host.js';

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;

export interface RequestOptions {
  caller: ServerHttp2Stream;
  block: HeaderBlock;
  /** The head is all of it. */
  endStream: boolean;
  exchange: OpenExchange<StreamRequest>;
}

export interface RequestEvents {
  /** Faults have said what happens in place of sending it. */
  ruled(outcome: Outcome): void;
  /** The callee has it, or at least its head, on this stream. */
  opened(callee: ClientHttp2Stream): void;
  /** All of it has gone on. */
  sent(): void;
  /** It cannot be sent: to be reset with this code. */
  refused(code: number, end: ExchangeEnd): void;
}

export class RequestHalf {
  readonly message: MessagePhase;
  readonly #host: StreamHost;
  readonly #options: RequestOptions;
  readonly #events: RequestEvents;
  /** As the callee gets it. */
  #sentBlock: HeaderBlock;
  #callee: ClientHttp2Stream | undefined;
  #early: EarlyBody | undefined;
  #copier: RequestCopier | undefined;
  /** The body as it goes on, for what is noted of it. */
  #watched: WatchedBody | undefined;
  #endPeek: () => void = () => {};

  constructor(host: StreamHost, options: RequestOptions, events: RequestEvents) {
    this.message = new MessagePhase(host);
    this.#host = host;
    this.#options = options;
    this.#events = events;
    this.#sentBlock = options.block;
  }

  /** Has the faults rule on it, once they know what they have to. */
  begin(): void {
    const { caller, endStream, exchange } = this.#options;
    const { request } = exchange;
    if (request === undefined || !this.#host.needsBody(exchange)) {
      this.#rule();
    } else if (endStream || !isWorthPeeking(request)) {
      exchange.requestBody = { kind: endStream ? 'none' : 'unread' };
      this.#rule();
    } else {
      this.#endPeek = peekBody(caller, this.#host.clock, (found, early) => {
        exchange.requestBody = found;
        this.#early = early;
        this.#rule();
      });
    }
  }

  /** Drops what faults that are gone still ask for. */
  retain(faults: readonly ActiveFault[]): void {
    this.message.retain(faults);
  }

  /** No more of it goes on. */
  close(): void {
    this.#endPeek();
    this.message.close();
  }

  #rule(): void {
    const { exchange } = this.#options;
    const ruling = this.#host.rule(exchange);
    this.message.begin(ruling, exchange, () => this.#settle(ruling));
  }

  #settle(ruling: Ruling | undefined): void {
    const { caller, exchange } = this.#options;
    if (ruling?.goaway !== undefined) this.#host.sayGoaway(ruling.goaway, caller.id ?? 0);
    if (ruling?.goaway !== undefined && ruling.goaway.lastStream !== 'this') {
      for (const { fault } of [...ruling.copies, ...ruling.edits]) miss(fault, exchange, 'moot');
      this.#events.refused(NGHTTP2_REFUSED_STREAM, 'faultReset');
    } else if (ruling?.outcome !== undefined) {
      this.#events.ruled(ruling.outcome);
    } else {
      if (ruling !== undefined && ruling.copies.length > 0) this.#copier = new RequestCopier(ruling.copies, exchange);
      this.#pass();
    }
  }

  #pass(): void {
    const { caller, block, endStream, exchange } = this.#options;
    const isWatched = this.#host.observer?.readsBodies && exchange.requestBody === undefined && !endStream;
    if (isWatched && isWorthPeeking(new StreamRequest(block))) this.#watched = new WatchedBody();
    this.message.pass(
      caller,
      { subject: requestSubject(block, !endStream), early: this.#early },
      {
        exchange,
        begin: (change, options) => this.#open(change, options),
        received: (byteCount) => {
          exchange.bytesUp += byteCount;
          this.#host.moved();
        },
        sent: (bytes) => {
          this.#copier?.add(bytes);
          this.#watched?.add(bytes);
        },
        ended: () => this.#ended(),
        cutShort: () => this.#callee?.write(Buffer.alloc(0), () => this.#callee?.close(NGHTTP2_INTERNAL_ERROR)),
      },
    );
  }

  #open(change: HeadChange, options: SendOptions): Http2Stream | undefined {
    this.#sentBlock = this.#marked(changedBlock(this.#options.block, change));
    try {
      this.#callee = this.#host.request(this.#sentBlock, options);
    } catch (error) {
      // Node takes in more than it sends, such as `te` in capitals. If it is not the head's fault, the callee takes no further stream.
      const isSpent = ['ERR_HTTP2_GOAWAY_SESSION', 'ERR_HTTP2_INVALID_SESSION'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (isSpent) this.#events.refused(NGHTTP2_REFUSED_STREAM, 'upstreamClosed');
      else this.#events.refused(NGHTTP2_PROTOCOL_ERROR, 'malformedRequest');
      return undefined;
    }
    this.#events.opened(this.#callee);
    return this.#callee;
  }

  /** With the header of the lab's own, if the plan asks for one. */
  #marked(block: HeaderBlock): HeaderBlock {
    const { labHeader } = this.#host.observer ?? {};
    if (labHeader === undefined) return block;
    const value = exchangeName({ ...this.#host.identity, ordinal: this.#options.exchange.ordinal });
    return block.edited({ set: { [labHeader]: value } });
  }

  #ended(): void {
    const { exchange } = this.#options;
    exchange.requestEndMs ??= this.#host.clock.nowMs();
    exchange.requestBody ??= this.#watched?.take();
    if (this.#callee?.writableEnded === false) this.#callee.end();
    for (const order of this.#copier?.take() ?? []) {
      this.#host.sendCopies(order, { block: this.#sentBlock, trailers: this.message.trailers });
    }
    this.#events.sent();
  }
}
