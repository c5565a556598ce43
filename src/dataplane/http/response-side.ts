/**
 * Callee → caller: finds the responses in what the callee sends, matches them to the requests in order, has the faults rule on each final
 * head, and passes the bytes on as they came. A callee that says more than it was asked for is cut off: whatever follows could be
 * taken for the answer to the next request.
 */
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { ProxyLimits } from '../proxy.js';
import type { Wire } from '../wire.js';
import { createAnswer, DISCARD_BYTES_MAX } from './answer.js';
import { Chunk } from './chunk.js';
import { Hold } from './hold.js';
import { KeptBytes } from './kept-bytes.js';
import type { Malformation } from './malformation.js';
import { MessageReader } from './message-reader.js';
import type { Answer, OpenExchange } from './open-exchange.js';
import { type ParsedResponse, parseResponseHead } from './response-head.js';
import type { Ruling } from './rule-on.js';

/** What the relay does for this side. */
export interface ResponseHost {
  /** The oldest exchange without a whole answer. */
  front(): OpenExchange | undefined;
  /** Whether the answer after that of `front` is ours, and ready. */
  isAnswerDueNext(): boolean;
  /** The faults' word on a response; undefined if no fault looks at responses now. */
  ruleOnResponse(exchange: OpenExchange, response: ParsedResponse): Ruling | undefined;
  /** Sends to the caller. False: no more until `resume` of the leg. */
  sendDown(bytes: Buffer, source: Wire | undefined): boolean;
  /** The answer of `front` is whole. */
  completed(atMs: number): void;
  /** Gives this answer in place of the callee's, which is still to be read to its end. */
  replaced(exchange: OpenExchange, answer: Answer): void;
  /** The answer to a request for a tunnel: opened, or not. */
  tunnelAnswered(isTunnel: boolean): void;
  /** The callee cannot be understood. */
  responseRefused(problem: Malformation): void;
  /** A fault cuts the connection. */
  cutByFault(): void;
  /** The callee has half-closed, and all that came before is on its way. */
  responsesEnded(): void;
  /** A delay is over: the callee may be read again. */
  readOn(): void;
}

type Phase = 'reading' | 'held' | 'tunnel' | 'closed';

interface FinalHead {
  front: OpenExchange;
  response: ParsedResponse;
  chunk: Chunk;
  startAt: number;
}

export class ResponseSide {
  readonly #clock: Clock;
  readonly #host: ResponseHost;
  readonly #reader: MessageReader;
  readonly #hold: Hold;
  #phase: Phase = 'reading';
  /** What is left to drop of a response that was replaced; undefined: it is passed on. */
  #discardBytesMax: number | undefined;
  #held: { front: OpenExchange; response: ParsedResponse; ruling: Ruling; parsedBytes: number } | undefined;
  /** In a tunnel: the exchange that opened it. */
  #tunnel: OpenExchange | undefined;
  readonly #kept = new KeptBytes();
  #hasEnded = false;
  #mayGoOn = true;

  constructor({ clock, limits, host }: { clock: Clock; limits: ProxyLimits; host: ResponseHost }) {
    this.#clock = clock;
    this.#host = host;
    this.#reader = new MessageReader({ kind: 'response', headBytesMax: limits.headBytesMax });
    this.#hold = new Hold(clock, () => this.#released());
  }

  get isHolding(): boolean {
    return this.#phase === 'held';
  }

  /** False: no more until the host says that the callee may be read again. */
  data(bytes: Buffer, source: Wire | undefined): boolean {
    switch (this.#phase) {
      case 'closed':
        return true;
      case 'tunnel':
        if (this.#tunnel !== undefined) this.#tunnel.bytesDown += bytes.length;
        return this.#host.sendDown(bytes, source);
      case 'held':
        this.#keep(bytes);
        return false;
      case 'reading':
        if (this.#kept.length === 0) return this.#pump(new Chunk(bytes, { source, nowMs: this.#clock.nowMs() }));
        this.#keep(bytes);
        return this.#pump(this.#takeKept());
    }
  }

  /** The callee half-closed. */
  end(): void {
    this.#hasEnded = true;
    if (this.#phase !== 'held') this.#endStream();
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
    this.#held = undefined;
  }

  #pump(chunk: Chunk): boolean {
    this.#mayGoOn = true;
    while (!chunk.isParsed && this.#phase === 'reading') this.#step(chunk);
    if (!this.#isClosed()) this.#flush(chunk, chunk.at);
    return this.#mayGoOn && !this.isHolding;
  }

  #step(chunk: Chunk): void {
    const front = this.#host.front();
    if (front === undefined || front.isOurs) {
      this.#refuse('a response that nobody asked for', chunk, chunk.at);
      return;
    }
    const startAt = chunk.at;
    chunk.at = this.#reader.advance(chunk.bytes, startAt);
    if (this.#discardBytesMax === undefined) front.bytesDown += chunk.at - startAt;
    switch (this.#reader.event) {
      case 'head':
        this.#headRead(front, chunk, startAt);
        return;
      case 'flow':
        this.#bodyRead(chunk, startAt);
        return;
      case 'end':
        this.#responseRead(chunk);
        return;
      case 'partial':
        this.#bodyRead(chunk, startAt);
        this.#flush(chunk, chunk.at);
        this.#keep(chunk.takeRest(chunk.at));
        return;
      case 'malformed':
        this.#refuse(this.#reader.problem as Malformation, chunk, startAt);
    }
  }

  #headRead(front: OpenExchange, chunk: Chunk, startAt: number): void {
    const response = parseResponseHead(this.#reader.headText, front.method);
    if (typeof response === 'string') {
      this.#refuse(response, chunk, startAt);
      return;
    }
    if (response.status === 101 && !maySwitch(front)) {
      this.#refuse('a switch of protocols that nobody asked for', chunk, startAt);
      return;
    }
    // Interim heads pass as they are: the final one is what the faults look at.
    if (response.status < 200 && response.status !== 101) return;
    const head = { front, response, chunk, startAt };
    const ruling = this.#host.ruleOnResponse(front, response);
    if (ruling === undefined || ruling.waits.length === 0) {
      this.#settle(ruling, head);
      return;
    }
    this.#flush(chunk, startAt);
    this.#held = { front, response, ruling, parsedBytes: chunk.at - startAt };
    this.#keep(chunk.takeRest(startAt));
    this.#phase = 'held';
    this.#hold.start(ruling.waits);
  }

  #released(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    const { front, response, ruling, parsedBytes } = held;
    const chunk = this.#takeKept();
    chunk.at = parsedBytes;
    this.#phase = 'reading';
    this.#settle(ruling, { front, response, chunk, startAt: 0 });
    const mayGoOn = this.#pump(chunk);
    if (this.isHolding || this.#isClosed()) return;
    if (this.#hasEnded) this.#endStream();
    else if (mayGoOn) this.#host.readOn();
  }

  /** Does what the faults have said of a head, once its delays are over. */
  #settle(ruling: Ruling | undefined, head: FinalHead): void {
    switch (ruling?.outcome?.kind) {
      case undefined:
        this.#passOn(head);
        return;
      case 'reset':
        head.chunk.drop();
        this.#host.cutByFault();
        return;
      case 'reply':
        this.#replace(head, ruling.outcome);
    }
  }

  #passOn({ front, response, chunk }: FinalHead): void {
    front.responseStartMs = chunk.nowMs;
    front.status = response.status;
    if (opensTunnel(front, response)) {
      front.bytesDown += chunk.bytes.length - chunk.at;
      chunk.at = chunk.bytes.length;
      this.#tunnel = front;
      this.#phase = 'tunnel';
      // The head goes out before the tunnel opens, for what the caller sent ahead may be answered at once.
      this.#flush(chunk, chunk.at);
      this.#host.tunnelAnswered(true);
      return;
    }
    if (front.request?.asksForTunnel) this.#host.tunnelAnswered(false);
    if (this.#reader.startBody(response.framing)) this.#responseRead(chunk);
  }

  /** Puts our answer in the place of the callee's, which is read and dropped. */
  #replace({ front, response, chunk, startAt }: FinalHead, reply: Parameters<typeof createAnswer>[0]): void {
    this.#flush(chunk, startAt);
    chunk.from = chunk.at;
    const isTunnel = opensTunnel(front, response);
    const mayKeepAlive = response.keepsAlive && response.framing !== 'untilClose' && !isTunnel;
    this.#discardBytesMax = DISCARD_BYTES_MAX;
    this.#host.replaced(front, createAnswer(reply, { request: front.request, mayKeepAlive, end: 'complete' }));
    if (this.#isClosed()) return;
    if (front.request?.asksForTunnel) this.#host.tunnelAnswered(false);
    if (this.#reader.startBody(response.framing)) this.#responseRead(chunk);
  }

  #bodyRead(chunk: Chunk, startAt: number): void {
    if (this.#discardBytesMax === undefined) return;
    this.#discardBytesMax -= chunk.at - startAt;
    chunk.from = chunk.at;
    // The caller has its answer; a callee that goes on for ever costs it the connection.
    if (this.#discardBytesMax < 0) this.#host.responsesEnded();
  }

  #responseRead(chunk: Chunk): void {
    if (this.#discardBytesMax !== undefined) {
      this.#discardBytesMax = undefined;
      chunk.from = chunk.at;
    } else if (this.#host.isAnswerDueNext()) {
      this.#flush(chunk, chunk.at);
    }
    this.#host.completed(chunk.nowMs);
  }

  #endStream(): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'reading' && this.#reader.endsWithStream) this.#host.completed(this.#clock.nowMs());
    this.#host.responsesEnded();
  }

  #refuse(problem: Malformation, chunk: Chunk, startAt: number): void {
    this.#flush(chunk, startAt);
    chunk.drop();
    this.#host.responseRefused(problem);
  }

  #flush(chunk: Chunk, to: number): void {
    const bytes = chunk.take(to);
    if (bytes !== undefined && !this.#host.sendDown(bytes, chunk.source)) this.#mayGoOn = false;
  }

  #isClosed(): boolean {
    return this.#phase === 'closed';
  }

  #keep(bytes: Buffer): void {
    this.#kept.append(bytes, this.#clock.nowMs());
  }

  #takeKept(): Chunk {
    return new Chunk(this.#kept.take(), { source: undefined, nowMs: this.#clock.nowMs() });
  }
}

/** A 101 is understood only as the answer to an upgrade that was sent in full. */
function maySwitch({ request, requestEndMs }: OpenExchange): boolean {
  return request?.asksForTunnel === true && request.method !== 'CONNECT' && requestEndMs !== undefined;
}

function opensTunnel({ request }: OpenExchange, { status }: ParsedResponse): boolean {
  return status === 101 || (request?.method === 'CONNECT' && status >= 200 && status < 300);
}
