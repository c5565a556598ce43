/**
 * Requests of one connection that faults send once more, each on a stream of its own. Nobody hears the answers, and no HTTP fault looks at them; the
 * exchanges are recorded, for the callee has them like any others.
 */
import type { ClientHttp2Stream } from 'node:http2';
import type { Clock } from '../../core/clock.js';
import type { ExchangeEnd } from '../../journal/observations.js';
import { Alarm } from '../alarm.js';
import type { ActiveFault } from '../faults/active-fault.js';
import { grpcStatusOf } from '../grpc.js';
import type { OpenExchange } from '../http/open-exchange.js';
import type { CopyOrder } from '../http/request-copier.js';
import { type HeaderBlock, receivedBlock } from './header-block.js';
import type { SendOptions } from './message-phase.js';
import { StreamRequest } from './stream-head.js';

/** How long an answer that nobody hears is waited for. */
const ANSWER_MS_MAX = 60_000;

/** A request as the callee got it; its body is in the order. */
export interface CopiedMessage {
  block: HeaderBlock;
  trailers: HeaderBlock;
}

export interface CopiesHost {
  readonly clock: Clock;
  /** Opens a stream to the callee. Throws if that is not possible any more. */
  request(block: HeaderBlock, options: SendOptions): ClientHttp2Stream;
  /** The next exchange of the connection. */
  open(request: StreamRequest): OpenExchange<StreamRequest>;
  record(exchange: OpenExchange<StreamRequest>, end: ExchangeEnd): void;
}

interface Waiting {
  fault: ActiveFault;
  alarm: Alarm;
}

export class StreamCopies {
  readonly #host: CopiesHost;
  readonly #waiting = new Set<Waiting>();
  readonly #open = new Set<OpenExchange<StreamRequest>>();

  constructor(host: CopiesHost) {
    this.#host = host;
  }

  send(order: CopyOrder, message: CopiedMessage): void {
    const { clock } = this.#host;
    const alarm = new Alarm(clock, () => {
      this.#waiting.delete(waiting);
      for (let i = 0; i < order.copies; i++) this.#sendOne(order, message);
    });
    const waiting = { fault: order.fault, alarm };
    this.#waiting.add(waiting);
    alarm.set(clock.nowMs() + order.delayMs);
  }

  /** What waits to be sent on account of a fault that is gone is not sent. */
  retain(faults: readonly ActiveFault[]): void {
    for (const waiting of this.#waiting) if (!faults.includes(waiting.fault)) this.#forget(waiting);
  }

  /** Sends nothing more, and tells of what was not answered. */
  close(end: ExchangeEnd): void {
    for (const waiting of this.#waiting) this.#forget(waiting);
    for (const exchange of this.#open) this.#host.record(exchange, end);
    this.#open.clear();
  }

  #forget(waiting: Waiting): void {
    waiting.alarm.cancel();
    this.#waiting.delete(waiting);
  }

  #sendOne({ fault, bytes }: CopyOrder, { block, trailers }: CopiedMessage): void {
    let stream: ClientHttp2Stream;
    try {
      stream = this.#host.request(block, { endStream: bytes.length === 0 && trailers.isEmpty, waitForTrailers: !trailers.isEmpty });
    } catch {
      return;
    }
    const exchange = this.#host.open(new StreamRequest(block));
    exchange.met(fault.id, 'applied');
    exchange.bytesUp = bytes.length;
    exchange.requestEndMs = exchange.startMs;
    this.#open.add(exchange);
    this.#listen(stream, exchange);
    stream.on('wantTrailers', () => trailers.send((headers) => stream.sendTrailers(headers)));
    if (!stream.writableEnded) stream.end(bytes);
  }

  #listen(stream: ClientHttp2Stream, exchange: OpenExchange<StreamRequest>): void {
    const { clock } = this.#host;
    const timeout = new Alarm(clock, () => {
      this.#over(exchange, 'timeout');
      stream.close();
    });
    timeout.set(clock.nowMs() + ANSWER_MS_MAX);
    stream.on('error', () => {});
    stream.on('response', (headers: object, _flags: number, raw: readonly string[]) => {
      const answer = receivedBlock(headers, raw);
      exchange.responseStartMs = clock.nowMs();
      exchange.status = Number(answer.first(':status'));
      exchange.grpcStatus = grpcStatusOf(answer.first('grpc-status'));
    });
    stream.on('trailers', (headers: object, _flags: number, raw: readonly string[]) => {
      exchange.grpcStatus ??= grpcStatusOf(receivedBlock(headers, raw).first('grpc-status'));
    });
    stream.on('data', (part: Buffer) => {
      exchange.bytesDown += part.length;
    });
    stream.on('close', () => {
      timeout.cancel();
      if (stream.rstCode !== 0) exchange.resetCode = stream.rstCode;
      this.#over(exchange, stream.rstCode === 0 ? 'complete' : 'upstreamReset');
    });
  }

  #over(exchange: OpenExchange<StreamRequest>, end: ExchangeEnd): void {
    if (this.#open.delete(exchange)) this.#host.record(exchange, end);
  }
}
