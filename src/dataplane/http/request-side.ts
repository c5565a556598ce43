/**
 * Caller → callee: has the faults rule on each request in what the caller sends, and does what they say with it. What follows a request for a
 * tunnel waits for its answer, and the caller is paused when that, or what a fault holds, grows beyond one head.
 */
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { ProxyLimits } from '../proxy.js';
import type { Wire } from '../wire.js';
import { createRefusal, createSubstitute, DISCARD_BYTES_MAX } from './answer.js';
import type { Chunk } from './chunk.js';
import type { FlowOwner, ReadHead } from './flow-owner.js';
import type { Malformation } from './malformation.js';
import { MessageFlow } from './message-flow.js';
import { OpenExchange } from './open-exchange.js';
import { createRefusedExchange } from './refused-exchange.js';
import { RequestCopier } from './request-copier.js';
import { type ParsedRequest, parseRequestHead } from './request-head.js';
import type { RequestHost } from './request-host.js';
import { requestSubject } from './rewrite-plan.js';
import { miss, type Ruling, type Substitute } from './rule-on.js';

/** `awaiting`: a tunnel was asked for and not answered. `spent`: no further request is taken. `closed`: the connection is over. */
type Phase = 'open' | 'awaiting' | 'tunnel' | 'spent' | 'closed';

interface ReadRequest extends ReadHead {
  exchange: OpenExchange;
  request: ParsedRequest;
}

const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n', 'latin1');

export class RequestSide {
  readonly #limits: ProxyLimits;
  readonly #host: RequestHost;
  readonly #flow: MessageFlow;
  #phase: Phase = 'open';
  #ordinal = 0;
  /** The exchange whose request is being read; in a tunnel, the one that opened it. */
  #current: OpenExchange | undefined;
  /** Whether `current` has taken its place among the answers that are due. */
  #isQueued = false;
  /** Set while the body of `current` is read for nobody: what the caller gets when it is over. */
  #substitute: Substitute | undefined;
  /** Set while `current` is to be sent again. */
  #copier: RequestCopier | undefined;
  /** Who wants to know when `current` is on its way as a whole. */
  #passed: (() => void) | undefined;
  /** The caller holds the body back until it is asked for, and the callee is not to ask. */
  #owesContinue = false;
  #hasEnded = false;

  constructor({ clock, limits, host }: { clock: Clock; limits: ProxyLimits; host: RequestHost }) {
    this.#limits = limits;
    this.#host = host;
    this.#flow = new MessageFlow({ clock, limits, kind: 'request', owner: this.#flowOwner() });
  }

  /** Whether so much waits here that the caller must not send more. */
  get isFull(): boolean {
    return (this.#flow.isWaiting && this.#flow.keptBytes > this.#limits.headBytesMax) || this.#flow.isRewriterFull;
  }

  /** The exchange that has not taken its place in the queue, because its head waits. */
  get heldExchange(): OpenExchange | undefined {
    return this.#isQueued ? undefined : this.#current;
  }

  data(bytes: Buffer, source: Wire): void {
    if (this.#phase === 'tunnel') {
      if (this.#current !== undefined) this.#current.bytesUp += bytes.length;
      this.#host.sendUp(bytes, source);
      return;
    }
    this.#flow.data(bytes, source);
    if (this.#flow.isWaiting) this.#host.steer();
  }

  /** The caller half-closed. */
  end(): void {
    this.#hasEnded = true;
    this.#endIfDone();
  }

  /** The callee takes bytes again. */
  drained(): void {
    this.#flow.drained();
  }

  /** The callee has answered a request for a tunnel. */
  tunnelAnswered(isTunnel: boolean): void {
    if (this.#phase !== 'awaiting') return;
    if (isTunnel) {
      this.#openTunnel();
      return;
    }
    this.#phase = 'open';
    this.#current = undefined;
    this.#flow.resume();
  }

  /** Every answer that was due has been given. */
  answersGiven(): void {
    if (!this.#owesContinue) return;
    this.#owesContinue = false;
    this.#host.sendInterim(CONTINUE);
  }

  /** Drops what faults that are gone have begun. */
  retain(faults: readonly ActiveFault[]): void {
    this.#flow.retain(faults);
  }

  /** Takes no further byte. No timer is alive afterwards. */
  close(): void {
    this.#phase = 'closed';
    this.#flow.stop();
    this.#current = undefined;
  }

  #flowOwner(): FlowOwner {
    return {
      expectsMessage: () => true,
      read: (byteCount, _isPassing, chunk) => this.#bodyRead(byteCount, chunk),
      headRead: (text, head) => this.#headRead(text, head),
      dropsRest: () => {},
      messageOver: (chunk) => this.#requestOver(chunk),
      malformed: (problem, head) => this.#refuse(problem, head),
      send: (bytes, source) => {
        this.#copier?.add(bytes);
        return this.#host.sendUp(bytes, source);
      },
      mustEnd: () => {
        this.#spend();
        this.#host.endUp();
        this.#host.steer();
      },
      steer: () => this.#host.steer(),
      wentOn: () => {
        this.#host.steer();
        this.#endIfDone();
      },
      cut: () => this.#host.cutByFault(),
    };
  }

  #headRead(text: string, head: ReadHead): void {
    const request = parseRequestHead(text);
    if (typeof request === 'string') {
      this.#refuse(request, head);
      return;
    }
    const { chunk, startAt } = head;
    chunk.messageAt = startAt;
    this.#ordinal += 1;
    const { method, target: path } = request;
    const exchange = new OpenExchange({ ordinal: this.#ordinal, startMs: chunk.sinceMs, method, path, request });
    exchange.bytesUp = chunk.at - startAt;
    this.#current = exchange;
    this.#isQueued = false;
    this.#passed = undefined;
    const ruling = this.#host.ruleOnRequest(exchange);
    if (ruling === undefined) this.#passOn({ exchange, request, chunk, startAt });
    else this.#obey(ruling, { exchange, request, chunk, startAt });
  }

  #obey(ruling: Ruling, { exchange, request, ...head }: ReadRequest): void {
    if (ruling.watches.length > 0) {
      this.#passed = once(ruling.watches);
      exchange.onEnd(this.#passed);
    }
    if (ruling.waits.length === 0) this.#settle(ruling, { exchange, request, ...head });
    else this.#flow.hold(head, ruling.waits, (held) => this.#settle(ruling, { exchange, request, ...held }));
  }

  /** Does what the faults have said of a head, once nothing keeps it waiting. */
  #settle({ outcome, edits, copies }: Ruling, message: ReadRequest): void {
    const { chunk, startAt } = message;
    if (outcome?.kind === 'reset') {
      chunk.drop();
      this.#host.cutByFault();
    } else if (outcome !== undefined) {
      this.#answer(outcome, message);
    } else if (edits.length === 0 && copies.length === 0) {
      this.#passOn(message);
    } else if (this.#flow.flush(chunk, startAt)) {
      this.#copier = new RequestCopier(copies, message.exchange);
      this.#edit(edits, message);
    }
  }

  #passOn({ exchange, request, chunk, startAt }: ReadRequest): void {
    this.#enqueue(exchange);
    this.#flow.pass({ chunk, startAt }, request.framing);
  }

  #edit(edits: Ruling['edits'], { exchange, request, ...head }: ReadRequest): void {
    const watch = {
      headReady: () => {
        this.#owesContinue = false;
        this.#enqueue(exchange);
      },
      sent: () => {},
      missed: (fault: ActiveFault) => miss(fault, exchange),
    };
    this.#flow.edit(head, { edits, subject: requestSubject(request), watch });
    if (!request.expectsContinue || !this.#flow.isCollecting) return;
    this.#owesContinue = true;
    this.#host.answerDue();
  }

  /** Takes the request for ourselves: the callee does not get it. */
  #answer(substitute: Substitute, { exchange, request, ...head }: ReadRequest): void {
    if (!this.#flow.flush(head.chunk, head.startAt)) return;
    exchange.isOurs = true;
    this.#substitute = substitute;
    this.#enqueue(exchange);
    const isTooLong = typeof request.framing === 'number' && request.framing > DISCARD_BYTES_MAX;
    if (substitute.kind !== 'reply' || request.expectsContinue || isTooLong) this.#answerUnread(head.chunk);
    else this.#flow.drop(head, request.framing);
  }

  #bodyRead(byteCount: number, chunk: Chunk): void {
    if (this.#current === undefined) return;
    this.#current.bytesUp += byteCount;
    if (this.#substitute !== undefined && this.#current.bytesUp > DISCARD_BYTES_MAX) this.#answerUnread(chunk);
  }

  #requestOver(chunk: Chunk): void {
    const exchange = this.#current;
    const request = exchange?.request;
    if (exchange === undefined || request === undefined) return;
    exchange.requestEndMs = chunk.nowMs;
    chunk.messageAt = undefined;
    const isOurs = this.#substitute !== undefined;
    if (isOurs) this.#giveSubstitute(exchange, true);
    else if (!this.#sent(chunk, exchange)) return;
    else if (request.asksForTunnel) {
      if (!this.#flow.flush(chunk, chunk.at)) return;
      this.#phase = 'awaiting';
      this.#flow.pause();
      return;
    }
    this.#current = undefined;
    if (!request.keepsAlive && this.#flow.flush(chunk, chunk.at)) this.#spend();
    if (isOurs) this.#host.answerDue();
  }

  /** The request has gone on as a whole. False: that was taken as the occasion to cut the connection. */
  #sent(chunk: Chunk, exchange: OpenExchange): boolean {
    const [copier, passed] = [this.#copier, this.#passed];
    if (copier === undefined && passed === undefined) return true;
    if (!this.#flow.flush(chunk, chunk.at)) return false;
    this.#copier = undefined;
    if (passed !== undefined) this.#host.whenUpOpen(passed);
    for (const order of copier?.take() ?? []) this.#host.sendCopies(order, exchange);
    return true;
  }

  /** Answers a request whose body will not be read to its end. The connection cannot go on after that. */
  #answerUnread(chunk: Chunk): void {
    if (this.#current !== undefined) this.#giveSubstitute(this.#current, false);
    chunk.from = chunk.at;
    this.#spend();
    this.#host.answerDue();
  }

  #giveSubstitute(exchange: OpenExchange, mayKeepAlive: boolean): void {
    if (this.#substitute === undefined) return;
    exchange.answer = createSubstitute(this.#substitute, { request: exchange.request, mayKeepAlive });
    this.#substitute = undefined;
  }

  #refuse(problem: Malformation, { chunk, startAt }: ReadHead): void {
    let exchange = this.#current;
    const goodTo = exchange === undefined ? startAt : chunk.messageAt;
    // Of a request that began in this very read, the callee need not see anything.
    if (goodTo !== undefined && !this.#flow.flush(chunk, goodTo)) return;
    if (exchange === undefined) {
      this.#ordinal += 1;
      exchange = createRefusedExchange({ ordinal: this.#ordinal, startMs: chunk.sinceMs, bytes: chunk.bytes.subarray(startAt) });
      this.#isQueued = false;
    }
    this.#enqueue(exchange);
    exchange.answer = createRefusal(400, problem, { request: undefined, end: 'malformedRequest' });
    this.#substitute = undefined;
    this.#spend();
    this.#host.refused(exchange);
  }

  #enqueue(exchange: OpenExchange): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#host.enqueue(exchange);
  }

  #openTunnel(): void {
    const bytes = this.#flow.takeKept();
    this.#phase = 'tunnel';
    this.#flow.stop();
    if (this.#current !== undefined) this.#current.bytesUp += bytes.length;
    if (bytes.length > 0) this.#host.sendUp(bytes, undefined);
    this.#host.steer();
    this.#endIfDone();
  }

  /** Takes no further request; what is not on its way is dropped. */
  #spend(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'spent';
    this.#flow.stop();
    this.#current = undefined;
    this.#copier = undefined;
    this.#owesContinue = false;
  }

  /** An end that comes behind what waits here waits for it. */
  #endIfDone(): void {
    if (!this.#hasEnded || this.#phase === 'closed') return;
    if (this.#phase === 'awaiting' && this.#flow.keptBytes > 0) return;
    // A request that nobody else will end is not for the callee to see.
    const isCutShort = this.#substitute !== undefined || this.#flow.isCollecting;
    if (isCutShort || !this.#flow.end()) this.#host.requestsEnded(isCutShort);
  }
}

/** Calls them all, the first time. */
function once(watches: readonly (() => void)[]): () => void {
  let due = watches;
  return () => {
    const called = due;
    due = [];
    for (const passed of called) passed();
  };
}
