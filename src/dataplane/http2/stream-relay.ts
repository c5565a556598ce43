/**
 * One request and its answer: a stream of the caller's and the stream to the callee that belongs to it. It has the faults rule on both heads, lets
 * bodies, interim heads and trailers through, and carries a reset of one side to the other with its code.
 */
import http2, { type ClientHttp2Stream, type Http2Stream, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { ExchangeEnd } from '../../journal/observations.js';
import { Alarm } from '../alarm.js';
import type { ActiveFault } from '../faults/active-fault.js';
import { grpcStatusOf } from '../grpc.js';
import { RESET_AFTER_MS } from '../http/caller-leg.js';
import { OpenExchange } from '../http/open-exchange.js';
import { miss, type Outcome } from '../http/rule-on.js';
import { discardBody } from './discard-body.js';
import { responseSubject } from './edit-subject.js';
import { changedBlock } from './head-change.js';
import { type HeaderBlock, receivedBlock, replyBlock } from './header-block.js';
import { carryTrailers, MessagePhase, type SendOptions } from './message-phase.js';
import { type RequestEvents, RequestHalf } from './request-half.js';
import { StreamRequest, StreamResponse } from './stream-head.js';
import type { Reply, StreamHost } from './stream-host.js';

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_PROTOCOL_ERROR } = http2.constants;

export class StreamRelay {
  readonly exchange: OpenExchange<StreamRequest>;
  readonly #host: StreamHost;
  readonly #caller: ServerHttp2Stream;
  readonly #up: RequestHalf;
  readonly #down: MessagePhase;
  #callee: ClientHttp2Stream | undefined;
  /** `ours`: what the callee says is of no interest any more. */
  #answer: 'none' | 'callee' | 'ours' = 'none';
  /** How the exchange is recorded once the caller has the last of its answer. */
  #due: ExchangeEnd | undefined;
  /** Resets the caller's stream behind the last bytes of an answer that was cut short. */
  #cut: Alarm | undefined;
  #isGone = false;

  constructor(host: StreamHost, caller: ServerHttp2Stream, given: { ordinal: number; block: HeaderBlock; endStream: boolean }) {
    this.#host = host;
    this.#caller = caller;
    this.#down = new MessagePhase(host);
    const request = new StreamRequest(given.block);
    const { method, target: path } = request;
    this.exchange = new OpenExchange({ ordinal: given.ordinal, startMs: host.clock.nowMs(), method, path, request });
    if (given.endStream) this.exchange.requestEndMs = this.exchange.startMs;
    this.#up = new RequestHalf(
      host,
      { caller, block: given.block, endStream: given.endStream, exchange: this.exchange },
      this.#requestEvents(),
    );
    carryTrailers(caller, { from: this.#up.message, to: this.#down });
    caller.on('error', () => {});
    caller.on('close', () => this.#callerClosed());
  }

  get heldBytes(): number {
    return this.#up.message.heldBytes + this.#down.heldBytes;
  }

  /** Whether an answer is on its way to the caller that needs nothing more from the callee. */
  get isDraining(): boolean {
    const callee = this.#callee;
    if (this.#caller.destroyed) return false;
    if (this.#answer === 'ours') return this.#caller.headersSent;
    if (this.exchange.isRecorded) return true;
    return callee !== undefined && ((callee.closed && callee.rstCode === NGHTTP2_NO_ERROR) || callee.readableLength > 0);
  }

  /** Lets the faults look at the request. */
  begin(): void {
    this.#up.begin();
  }

  /** Drops what faults that are gone still ask for. */
  retain(faults: readonly ActiveFault[]): void {
    this.#up.retain(faults);
    this.#down.retain(faults);
  }

  /** Answers in the callee's place, and is recorded as given. */
  fail(end: 'connectFailed' | 'handshakeFailed', reply: Reply): void {
    if (this.#answer === 'none') this.#reply(reply, end);
    else this.reset(NGHTTP2_INTERNAL_ERROR, end);
  }

  /** The callee takes nothing more: what is left of a request whose answer is whole need not be sent. */
  calleeEnded(): void {
    if (this.exchange.isRecorded && this.#callee?.closed === false) this.#caller.close(NGHTTP2_NO_ERROR);
  }

  /** Resets both streams. */
  reset(code: number, end: ExchangeEnd): void {
    this.#conclude(end, code);
    this.#caller.close(code);
    this.#callee?.close(NGHTTP2_CANCEL);
  }

  // ------------------------------------------------------------------------------------------------------------ request

  #requestEvents(): RequestEvents {
    return {
      ruled: (outcome) => this.#perform(outcome),
      opened: (callee) => this.#opened(callee),
      sent: () => this.#stopReading(this.#caller, NGHTTP2_NO_ERROR),
      refused: (code, end) => this.reset(code, end),
    };
  }

  #opened(callee: ClientHttp2Stream): void {
    this.#callee = callee;
    carryTrailers(callee, { from: this.#down, to: this.#up.message });
    callee.on('error', () => {});
    callee.on('close', () => this.#calleeClosed(callee));
    callee.on('headers', (headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]) =>
      this.#interim(receivedBlock(headers, raw)),
    );
    callee.on('response', (headers: IncomingHttpHeaders, flags: number, raw: readonly string[]) =>
      this.#responded(callee, { block: receivedBlock(headers, raw), endStream: (flags & NGHTTP2_FLAG_END_STREAM) !== 0 }),
    );
  }

  // ----------------------------------------------------------------------------------------------------------- response

  #interim(block: HeaderBlock): void {
    if (this.#answer !== 'none' || this.#caller.closed || this.#caller.headersSent) return;
    block.send((headers) => this.#caller.additionalHeaders(headers));
  }

  #responded(callee: ClientHttp2Stream, head: { block: HeaderBlock; endStream: boolean }): void {
    if (this.#answer !== 'none' || this.#caller.closed) return;
    this.#answer = 'callee';
    const ruling = this.#host.rule(this.exchange, new StreamResponse(head.block));
    // An answer cannot be sent again.
    for (const { fault } of ruling?.copies ?? []) miss(fault, this.exchange);
    this.#down.begin(ruling, this.exchange, () => {
      const { kind } = ruling?.outcome ?? {};
      // The caller is not told, but the record says what the callee had done.
      if (kind === 'reset' || kind === 'lose') this.exchange.status = Number(head.block.first(':status'));
      if (ruling?.outcome !== undefined) this.#perform(ruling.outcome);
      else this.#passResponse(callee, head);
    });
  }

  #passResponse(callee: ClientHttp2Stream, { block, endStream }: { block: HeaderBlock; endStream: boolean }): void {
    const subject = responseSubject(block, { hasBody: !endStream, method: this.exchange.method });
    this.#down.pass(
      callee,
      { subject },
      {
        exchange: this.exchange,
        begin: (change, options) => {
          const told = changedBlock(block, change);
          this.exchange.answered = new StreamResponse(told);
          return this.#respond(told, options);
        },
        received: (byteCount) => {
          this.exchange.bytesDown += byteCount;
          this.#host.moved();
        },
        ended: () => {
          this.exchange.grpcStatus ??= grpcStatusOf(this.#down.trailers.first('grpc-status'));
          this.#caller.end();
          this.#recordWhenFinished('complete');
          this.#stopReading(callee, NGHTTP2_CANCEL);
        },
        cutShort: () => this.#caller.write(Buffer.alloc(0), () => this.#cutShort()),
      },
    );
  }

  #cutShort(): void {
    this.#conclude('faultReset', NGHTTP2_INTERNAL_ERROR);
    this.#callee?.close(NGHTTP2_CANCEL);
    this.#cut = new Alarm(this.#host.clock, () => this.#caller.close(NGHTTP2_INTERNAL_ERROR));
    this.#cut.set(this.#host.clock.nowMs() + RESET_AFTER_MS);
  }

  #respond(block: HeaderBlock, options: SendOptions): Http2Stream | undefined {
    if (this.#caller.closed) return undefined;
    try {
      block.send((headers) => this.#caller.respond(headers, { ...options, sendDate: false } as http2.ServerStreamResponseOptions));
    } catch {
      this.reset(NGHTTP2_PROTOCOL_ERROR, 'malformedResponse');
      return undefined;
    }
    this.exchange.status = Number(block.first(':status'));
    this.exchange.responseStartMs = this.#host.clock.nowMs();
    this.exchange.grpcStatus = grpcStatusOf(block.first('grpc-status'));
    return this.#caller;
  }

  // ----------------------------------------------------------------------------------------------------- in its place

  /** Does what the faults have said in place of letting the message go on. */
  #perform(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'reply':
        this.#reply(outcome, 'complete');
        return;
      case 'raw':
        this.#host.sendRaw(outcome);
        return;
      case 'reset':
        this.reset(outcome.code ?? NGHTTP2_INTERNAL_ERROR, 'faultReset');
        return;
      case 'lose':
        if (outcome.ending === 'hang') this.#lose();
        else this.reset(outcome.ending === 'close' ? NGHTTP2_CANCEL : NGHTTP2_INTERNAL_ERROR, 'faultReset');
    }
  }

  #reply({ status, headers, body }: Reply, end: ExchangeEnd): void {
    this.#lose();
    const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    const block = replyBlock({ status, headers, byteCount: bytes.length });
    if (this.#respond(block, { endStream: bytes.length === 0, waitForTrailers: false }) === undefined) return;
    this.exchange.bytesDown = bytes.length;
    if (end === 'complete') this.exchange.ending = { endedBy: 'fault', endedHow: 'answer' };
    if (!this.#caller.writableEnded) this.#caller.end(bytes);
    this.#recordWhenFinished(end);
  }

  /** From now on, what comes is read and dropped: the request if the callee does not get it, the answer if it does. */
  #lose(): void {
    this.#answer = 'ours';
    this.#down.close();
    const callee = this.#callee;
    if (callee === undefined) {
      this.#up.close();
      discardBody(this.#host.clock, this.#caller, () => this.#caller.close(NGHTTP2_NO_ERROR));
    } else {
      discardBody(this.#host.clock, callee, () => callee.close(NGHTTP2_CANCEL));
    }
  }

  // --------------------------------------------------------------------------------------------------------------- ends

  /** Tells of the exchange when the last of the answer has been handed over. */
  #recordWhenFinished(end: ExchangeEnd): void {
    this.#due = end;
    if (this.#caller.writableFinished) this.#host.record(this.exchange, end);
    else this.#caller.once('finish', () => this.#host.record(this.exchange, end));
  }

  /** A fault may have let a body end early: the rest of it is dropped, and its sender stopped if that is too much. */
  #stopReading(source: Http2Stream, code: number): void {
    if (!source.readableEnded && !source.endAfterHeaders) discardBody(this.#host.clock, source, () => source.close(code));
  }

  #callerClosed(): void {
    const code = this.#caller.rstCode;
    // The callee sees what its caller has sent, and then that it has left.
    this.#up.message.hurry();
    // A stream that ends on both sides is closed before it is said to be finished.
    if (this.#due !== undefined && code === NGHTTP2_NO_ERROR) this.#host.record(this.exchange, this.#due);
    if (!this.exchange.isRecorded) this.#conclude('clientReset', code);
    // A whole answer does not end a request that is still on its way.
    if (code !== NGHTTP2_NO_ERROR || !this.#up.message.isOver) this.#callee?.close(code === NGHTTP2_NO_ERROR ? NGHTTP2_CANCEL : code);
    this.#goneIfClosed();
  }

  #calleeClosed(callee: ClientHttp2Stream): void {
    const code = callee.rstCode;
    this.#down.hurry();
    if (this.#answer === 'none' || (code !== NGHTTP2_NO_ERROR && this.#answer === 'callee')) {
      if (!this.exchange.isRecorded) this.#conclude('upstreamReset', code);
      this.#caller.close(code);
    } else if (!this.#up.message.isOver) {
      // It has said all that it wants to, and takes no more of the request. Nor do we, but for what is under way.
      this.#up.close();
      discardBody(this.#host.clock, this.#caller, () => this.#caller.close(NGHTTP2_NO_ERROR));
    }
    this.#goneIfClosed();
  }

  #conclude(end: ExchangeEnd, code: number): void {
    this.exchange.resetCode = code;
    this.#host.record(this.exchange, end);
    this.#answer = 'ours';
    this.#up.close();
    this.#down.close();
  }

  #goneIfClosed(): void {
    if (this.#isGone || !this.#caller.destroyed || this.#callee?.destroyed === false) return;
    this.#isGone = true;
    this.#cut?.cancel();
    this.#up.close();
    this.#down.close();
    this.#host.gone(this);
  }
}
