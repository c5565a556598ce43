/**
 * Caller → callee: has the faults rule on each request in what the caller sends, and does what they say with it. What follows a request for a
 * tunnel waits for its answer, and the caller is paused when that, or what a fault holds, grows beyond one head.
 */
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { ProxyLimits } from '../proxy.js';
import type { Wire } from '../wire.js';
import { createRefusal } from './answer.js';
import type { Chunk } from './chunk.js';
import type { FlowOwner, ReadHead } from './flow-owner.js';
import type { Malformation } from './malformation.js';
import { MessageFlow } from './message-flow.js';
import type { OpenExchange } from './open-exchange.js';
import { type ReadRequest, takeRequest } from './read-request.js';
import { createRefusedExchange } from './refused-exchange.js';
import { parseRequestHead } from './request-head.js';
import type { RequestHost } from './request-host.js';
import { RequestInHand } from './request-in-hand.js';
import { requestSubject } from './rewrite-plan.js';
import { miss, type Ruling, type Substitute } from './rule-on.js';

/** `awaiting`: a tunnel was asked for and not answered. `spent`: no further request is taken. `closed`: the connection is over. */
type Phase = 'open' | 'awaiting' | 'tunnel' | 'spent' | 'closed';

export class RequestSide {
  readonly #limits: ProxyLimits;
  readonly #host: RequestHost;
  readonly #flow: MessageFlow;
  #phase: Phase = 'open';
  #ordinal = 0;
  /** In a tunnel, the request that opened it. */
  #current: RequestInHand | undefined;
  #hasEnded = false;

  constructor({ clock, limits, host }: { clock: Clock; limits: ProxyLimits; host: RequestHost }) {
    this.#limits = limits;
    this.#host = host;
    this.#flow = new MessageFlow({ clock, limits, kind: 'request', owner: this.#flowOwner() });
  }

  /** Whether so much waits here that the caller must not send more. */
  get isFull(): boolean {
    // A peek has bounds of its own, and is over only if the caller is read.
    const isKeeping = this.#flow.isWaiting && !this.#current?.isPeeking;
    return (isKeeping && this.#flow.keptBytes > this.#limits.headBytesMax) || this.#flow.isRewriterFull;
  }

  /** Bytes that wait here. */
  get heldBytes(): number {
    return this.#flow.heldBytes;
  }

  /** The exchange that has not taken its place in the queue, because its head waits. */
  get heldExchange(): OpenExchange | undefined {
    return this.#current?.isQueued === false ? this.#current.exchange : undefined;
  }

  data(bytes: Buffer, source: Wire): void {
    if (this.#phase === 'tunnel') {
      this.#sendInTunnel(bytes, source);
      return;
    }
    const peeking = this.#current?.isPeeking ? this.#current : undefined;
    this.#current?.watchOn(bytes);
    this.#flow.data(bytes, source);
    peeking?.peekOn(bytes);
    if (this.#flow.isWaiting) this.#host.steer();
  }

  /** The caller half-closed. */
  end(): void {
    this.#current?.giveUpPeek();
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

  /** Whether the caller is to be asked for a body, when no answer is due any more. */
  get owesInterim(): boolean {
    return this.#current?.owesContinue ?? false;
  }

  /** Every answer that was due has been given. */
  answersGiven(): void {
    this.#current?.answersGiven();
  }

  /** Drops what faults that are gone have begun. */
  retain(faults: readonly ActiveFault[]): void {
    if (this.#current?.isPeeking && !this.#host.needBody(this.#current.exchange)) this.#current.giveUpPeek();
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
      read: (byteCount, _isPassing, chunk) => {
        if (this.#current?.took(byteCount)) this.#answerUnread(chunk);
      },
      headRead: (text, head) => this.#headRead(text, head),
      dropsRest: () => {},
      messageOver: (chunk) => this.#requestOver(chunk),
      malformed: (problem, head) => this.#refuse(problem, head),
      send: (bytes, source) => {
        this.#current?.sending(bytes);
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
    this.#ordinal += 1;
    const read = takeRequest(request, head, { ordinal: this.#ordinal, host: this.#host, headBytesMax: this.#limits.headBytesMax });
    this.#current = read.inHand;
    if (this.#host.needBody(read.inHand.exchange)) this.#peek(read);
    else this.#rule(read);
  }

  /** Keeps the head until its body is known, or known not to be of use. */
  #peek({ inHand, request, chunk, startAt }: ReadRequest): void {
    const wait = inHand.peek(chunk.bytes.subarray(chunk.at), this.#limits.headBytesMax);
    const peeked = (head: ReadHead): void => {
      inHand.peeked();
      this.#rule({ inHand, request, ...head });
    };
    if (wait === undefined) peeked({ chunk, startAt });
    else this.#flow.hold({ chunk, startAt }, [wait], peeked);
  }

  #rule(message: ReadRequest): void {
    const { inHand, request, ...head } = message;
    const ruling = this.#host.ruleOnRequest(inHand.exchange);
    for (const over of ruling?.watches ?? []) inHand.exchange.onEnd(over);
    if (ruling === undefined) this.#passOn(message);
    else if (ruling.waits.length === 0) this.#settle(ruling, message);
    else this.#flow.hold(head, ruling.waits, (held) => this.#settle(ruling, { inHand, request, ...held }));
  }

  /** Does what the faults have said of a head, once nothing keeps it waiting. */
  #settle({ outcome, edits, copies }: Ruling, message: ReadRequest): void {
    if (outcome?.kind === 'reset') {
      message.chunk.drop();
      this.#host.cutByFault();
    } else if (outcome !== undefined) {
      this.#answer(outcome, message);
    } else if (edits.length === 0 && copies.length === 0) {
      this.#passOn(message);
    } else if (this.#flow.flush(message.chunk, message.startAt)) {
      if (copies.length > 0) message.inHand.copy(copies);
      this.#edit(edits, message);
    }
  }

  #passOn({ inHand, request, chunk, startAt }: ReadRequest): void {
    inHand.enqueue();
    this.#flow.pass({ chunk, startAt }, request.framing);
  }

  #edit(edits: Ruling['edits'], { inHand, request, ...head }: ReadRequest): void {
    this.#flow.edit(head, {
      edits,
      subject: requestSubject(request),
      watch: { headReady: () => inHand.enqueue(), sent: () => {}, missed: (fault, why) => miss(fault, inHand.exchange, why) },
    });
    if (this.#flow.isCollecting) inHand.askForBody();
  }

  /** Takes the request for ourselves. */
  #answer(substitute: Substitute, { inHand, request, chunk, startAt }: ReadRequest): void {
    if (!this.#flow.flush(chunk, startAt)) return;
    if (inHand.answerInstead(substitute)) this.#answerUnread(chunk);
    else this.#flow.drop({ chunk, startAt }, request.framing);
  }

  #requestOver(chunk: Chunk): void {
    const inHand = this.#current;
    const request = inHand?.exchange.request;
    if (inHand === undefined || request === undefined) return;
    inHand.exchange.requestEndMs = chunk.nowMs;
    chunk.messageAt = undefined;
    const isOurs = inHand.isForNobody;
    if (isOurs) inHand.giveSubstitute(true);
    else if (!this.#wentOut(inHand, chunk)) return;
    if (!isOurs && request.asksForTunnel) {
      this.#phase = 'awaiting';
      this.#flow.pause();
      return;
    }
    this.#current = undefined;
    if (!request.keepsAlive && this.#flow.flush(chunk, chunk.at)) this.#spend();
    if (isOurs) this.#host.answerDue();
  }

  /** The request is over, and goes out at once if something has to follow it. False: that was taken as the occasion to cut the connection. */
  #wentOut(inHand: RequestInHand, chunk: Chunk): boolean {
    if (!inHand.isToBeCopied && !inHand.exchange.request?.asksForTunnel) return true;
    if (!this.#flow.flush(chunk, chunk.at)) return false;
    inHand.sent();
    return true;
  }

  /** Answers a request whose body will not be read to its end. The connection cannot go on after that. */
  #answerUnread(chunk: Chunk): void {
    this.#current?.giveSubstitute(false);
    chunk.from = chunk.at;
    this.#spend();
    this.#host.answerDue();
  }

  #refuse(problem: Malformation, { chunk, startAt }: ReadHead): void {
    const goodTo = this.#current === undefined ? startAt : chunk.messageAt;
    // Of a request that began in this very read, the callee need not see anything.
    if (goodTo !== undefined && !this.#flow.flush(chunk, goodTo)) return;
    const unreadable = { ordinal: this.#ordinal + 1, startMs: chunk.sinceMs, bytes: chunk.bytes.subarray(startAt) };
    const refused = this.#current ?? new RequestInHand(createRefusedExchange(unreadable), this.#host);
    refused.enqueue();
    refused.exchange.answer = createRefusal(400, problem, { request: undefined, end: 'malformedRequest' });
    this.#spend();
    this.#host.refused(refused.exchange);
  }

  #openTunnel(): void {
    const bytes = this.#flow.takeKept();
    this.#phase = 'tunnel';
    this.#flow.stop();
    if (bytes.length > 0) this.#sendInTunnel(bytes, undefined);
    this.#host.steer();
    this.#endIfDone();
  }

  #sendInTunnel(bytes: Buffer, source: Wire | undefined): void {
    this.#current?.took(bytes.length);
    this.#host.sendUp(bytes, source);
  }

  /** Takes no further request; what is not on its way is dropped. */
  #spend(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'spent';
    this.#flow.stop();
    this.#current = undefined;
  }

  /** An end that comes behind what waits here waits for it. */
  #endIfDone(): void {
    if (!this.#hasEnded || this.#phase === 'closed') return;
    if (this.#phase === 'awaiting' && this.#flow.keptBytes > 0) return;
    // A request that nobody else will end is not for the callee to see.
    const isCutShort = this.#current?.isForNobody === true || this.#flow.isCollecting;
    if (isCutShort || !this.#flow.end()) this.#host.requestsEnded(isCutShort);
  }
}
