/**
 * One direction of a connection as a row of messages: it reads them one after the other, and each passes as it came, is dropped, or is rewritten,
 * as its owner says when the head has been read. As long as nothing is odd, one read goes out in one piece. What must wait (a held head, a message
 * that is rewritten more slowly than it comes) is kept here with all that follows it. It knows nothing of requests, answers and exchanges.
 */
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { ProxyLimits } from '../proxy.js';
import type { Wire } from '../wire.js';
import type { Chunk } from './chunk.js';
import type { EditWatch, FlowOwner, ReadHead } from './flow-owner.js';
import type { Framing } from './framing.js';
import { Hold, type Wait } from './hold.js';
import { KeptBytes } from './kept-bytes.js';
import type { Malformation } from './malformation.js';
import { MessageReader } from './message-reader.js';
import { MessageRewriter, type RewriterHost } from './message-rewriter.js';
import { headOf, type Subject, sortEdits } from './rewrite-plan.js';
import type { Edit } from './rule-on.js';

/**
 * `held`: a head waits. `finishing`: a message has been read, and not all of it has gone on. `paused`: the owner waits. `stopped`: what comes is
 * dropped.
 */
type State = 'reading' | 'held' | 'finishing' | 'paused' | 'stopped';
type Rewriter = Pick<MessageRewriter<unknown>, keyof MessageRewriter<unknown>>;

export class MessageFlow {
  readonly #clock: Clock;
  readonly #limits: ProxyLimits;
  readonly #owner: FlowOwner;
  readonly #reader: MessageReader;
  readonly #hold: Hold;
  readonly #kept: KeptBytes;
  #state: State = 'reading';
  /** What becomes of the message that is being read. */
  #passage: 'pass' | 'drop' | Rewriter = 'pass';
  /** How much of what is kept is the head that is held, and what comes of it afterwards. */
  #heldBytes = 0;
  #settle: (head: ReadHead) => void = () => {};
  /** The sender has ended in the middle of a message. */
  #isBrokenOff = false;

  constructor(given: { clock: Clock; limits: ProxyLimits; kind: 'request' | 'response'; owner: FlowOwner }) {
    this.#clock = given.clock;
    this.#limits = given.limits;
    this.#owner = given.owner;
    this.#reader = new MessageReader({ kind: given.kind, headBytesMax: given.limits.headBytesMax });
    this.#hold = new Hold(given.clock, () => this.#released());
    this.#kept = new KeptBytes(given.clock);
  }

  /** Whether something waits here, and all that comes behind it. */
  get isWaiting(): boolean {
    return this.#state === 'held' || this.#state === 'finishing' || this.#state === 'paused';
  }

  get isStopped(): boolean {
    return this.#state === 'stopped';
  }

  get keptBytes(): number {
    return this.#kept.length;
  }

  /** Those of them that wait, and what a rewriter keeps. */
  get heldBytes(): number {
    return this.#kept.length + (this.#rewriter?.heldBytes ?? 0);
  }

  /** Whether the rewriting of a message asks the sender to pause. */
  get isRewriterFull(): boolean {
    return this.#rewriter?.isFull ?? false;
  }

  /** Whether a head waits for its body. */
  get isCollecting(): boolean {
    return this.#rewriter?.isCollecting ?? false;
  }

  data(bytes: Buffer, source: Wire | undefined): void {
    if (this.#state === 'stopped') return;
    if (this.isWaiting) this.#kept.append(bytes);
    else this.#pump(this.#kept.join(bytes, source));
  }

  /** The sender has ended. False if that can be told at once; else `wentOn` will be called. */
  end(): boolean {
    if (this.#state === 'reading' && this.#reader.endStream()) this.#messageRead(this.#kept.take());
    else if (this.#state === 'reading') this.#breakOff();
    return this.#state === 'held' || this.#state === 'finishing';
  }

  /** The receiver takes bytes again. */
  drained(): void {
    this.#rewriter?.drained();
  }

  /** Drops waits and transforms of faults that are gone. */
  retain(faults: readonly ActiveFault[]): void {
    this.#hold.retain(faults);
    this.#rewriter?.retain(faults);
  }

  /** Reads no further until `resume`. */
  pause(): void {
    this.#state = 'paused';
  }

  resume(): void {
    this.#state = 'reading';
    this.#goOn(this.#kept.take());
  }

  /** Drops what is kept and what comes. No timer is alive afterwards. */
  stop(): void {
    this.#state = 'stopped';
    this.#hold.cancel();
    this.#rewriter?.close();
    this.#kept.take();
  }

  /** All that is kept; for the owner to send. */
  takeKept(): Buffer {
    return this.#kept.take().bytes;
  }

  /** Sends what is due up to `to`. False: that was taken as the occasion to end it all. */
  flush(chunk: Chunk, to: number): boolean {
    const bytes = chunk.take(to);
    if (bytes !== undefined && !this.isStopped) this.#owner.send(bytes, chunk.source);
    return !this.isStopped;
  }

  /** Keeps the head waiting; then `settle` is asked what becomes of it. */
  hold({ chunk, startAt }: ReadHead, waits: readonly Wait[], settle: (head: ReadHead) => void): void {
    if (!this.flush(chunk, startAt)) return;
    this.#heldBytes = chunk.at - startAt;
    this.#kept.append(chunk.takeRest(startAt), chunk.sinceMs);
    this.#settle = settle;
    this.#state = 'held';
    this.#hold.start(waits);
    this.#owner.steer();
  }

  /** The message passes as it came. */
  pass({ chunk }: ReadHead, framing: Framing): void {
    this.#start('pass', framing, chunk);
  }

  /** The message is read and dropped. */
  drop({ chunk, startAt }: ReadHead, framing: Framing): void {
    if (!this.flush(chunk, startAt)) return;
    chunk.from = chunk.at;
    this.#start('drop', framing, chunk);
  }

  /** The message passes as the edits have it. */
  edit<H>(head: ReadHead, { edits, subject, watch }: { edits: readonly Edit[]; subject: Subject<H>; watch: EditWatch<H> }): void {
    const { possible, impossible } = sortEdits(edits, subject);
    for (const { fault } of impossible) watch.missed(fault);
    if (possible.length === 0) {
      watch.headReady(undefined);
      this.pass(head, subject.framing);
      return;
    }
    const { chunk, startAt } = head;
    if (!this.flush(chunk, startAt)) return;
    chunk.from = chunk.at;
    const send = (bytes: Buffer): boolean => {
      watch.sent(bytes.length);
      return this.#owner.send(bytes, undefined);
    };
    const onlyHead = possible.every(({ body }) => body === undefined) ? subject.head(headOf(possible), 'asItCame') : undefined;
    if (onlyHead === undefined) {
      this.#rewrite(possible, { subject, watch, send, chunk });
      return;
    }
    watch.headReady(onlyHead.parsed);
    send(onlyHead.bytes);
    if (!this.isStopped) this.#start('pass', subject.framing, chunk);
  }

  get #rewriter(): Rewriter | undefined {
    return typeof this.#passage === 'string' ? undefined : this.#passage;
  }

  #rewrite<H>(
    edits: readonly Edit[],
    given: { subject: Subject<H>; watch: EditWatch<H>; send(bytes: Buffer): boolean; chunk: Chunk },
  ): void {
    const { subject, watch, send, chunk } = given;
    const host: RewriterHost<H> = {
      ...watch,
      send,
      over: () => this.#rewritten(),
      steer: () => this.#owner.steer(),
      cut: () => this.#owner.cut(),
    };
    const rewriter = new MessageRewriter({ clock: this.#clock, heldBytesMax: this.#limits.heldBytesMax }, { subject, edits }, host);
    this.#passage = rewriter;
    rewriter.start();
    if (!this.isStopped) this.#start(rewriter, subject.framing, chunk);
  }

  #start(passage: 'pass' | 'drop' | Rewriter, framing: Framing, chunk: Chunk): void {
    this.#passage = passage;
    const rewriter = this.#rewriter;
    const isOver = this.#reader.startBody(framing, rewriter && ((bytes) => rewriter.take(bytes)));
    if (isOver) this.#messageRead(chunk);
  }

  #pump(chunk: Chunk): void {
    while (!chunk.isParsed && this.#state === 'reading') this.#step(chunk);
    if (this.isStopped) return;
    this.flush(chunk, chunk.at);
    if (!chunk.isParsed) this.#kept.append(chunk.takeRest(chunk.at), chunk.sinceMs);
  }

  #step(chunk: Chunk): void {
    if (this.#reader.isBetweenMessages && !this.#owner.expectsMessage(chunk)) return;
    const startAt = chunk.at;
    chunk.at = this.#reader.advance(chunk.bytes, startAt);
    switch (this.#reader.event) {
      case 'head':
        this.#owner.headRead(this.#reader.headText, { chunk, startAt });
        return;
      case 'malformed':
        this.#owner.malformed(this.#reader.problem as Malformation, { chunk, startAt });
        return;
      default:
        this.#bodyRead(chunk, startAt);
    }
  }

  #bodyRead(chunk: Chunk, startAt: number): void {
    const { event } = this.#reader;
    const isPassing = this.#passage === 'pass';
    if (!isPassing) chunk.from = chunk.at;
    this.#owner.read(chunk.at - startAt, isPassing, chunk);
    if (this.isStopped) return;
    if (event === 'end') this.#messageRead(chunk);
    else if (event === 'partial' && this.flush(chunk, chunk.at)) this.#kept.append(chunk.takeRest(chunk.at), chunk.sinceMs);
  }

  #messageRead(chunk: Chunk): void {
    const rewriter = this.#rewriter;
    rewriter?.end(this.#reader.trailers);
    if (this.isStopped) return;
    if (rewriter === undefined || rewriter.isOver) this.#messageOver(chunk);
    else this.#state = 'finishing';
  }

  #messageOver(chunk: Chunk): void {
    this.#passage = 'pass';
    this.#owner.messageOver(chunk);
  }

  #breakOff(): void {
    const rewriter = this.#rewriter;
    if (rewriter === undefined || rewriter.isOver) return;
    this.#isBrokenOff = true;
    rewriter.breakOff();
    if (!this.isStopped && !rewriter.isOver) this.#state = 'finishing';
  }

  /** The last byte of a message that is rewritten has gone on, be it before the last one came. */
  #rewritten(): void {
    const rewriter = this.#rewriter;
    const isFinishing = this.#state === 'finishing';
    if (this.#isBrokenOff) {
      if (!isFinishing) return;
      this.#state = 'reading';
      this.#owner.wentOn();
    } else if (rewriter?.endsConnection) {
      this.#owner.mustEnd(rewriter.isWhole);
    } else if (isFinishing) {
      const chunk = this.#kept.take();
      this.#state = 'reading';
      this.#messageOver(chunk);
      this.#goOn(chunk);
    } else {
      this.#owner.dropsRest();
    }
  }

  /** The head that was held goes on as if it had come just now. */
  #released(): void {
    const chunk = this.#kept.take();
    chunk.at = this.#heldBytes;
    this.#state = 'reading';
    this.#settle({ chunk, startAt: 0 });
    this.#goOn(chunk);
  }

  #goOn(chunk: Chunk): void {
    if (!this.isStopped) this.#pump(chunk);
    this.#owner.wentOn();
  }
}
