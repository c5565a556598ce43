/** One message of an exchange, request or response: it waits as long as the faults ask, goes on through their edits, and brings its trailers. */
import type { Http2Stream, IncomingHttpHeaders } from 'node:http2';
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import { Hold } from '../http/hold.js';
import { type EditSubject, sortEdits } from '../http/rewrite-plan.js';
import { miss, missUnlessFelt, type RuledExchange, type Ruling } from '../http/rule-on.js';
import { type BodyExtent, BodyFlow, type BodyFlowHost } from './body-flow.js';
import type { EarlyBody } from './body-peek.js';
import { type HeadChange, UNCHANGED } from './head-change.js';
import { blockOf, type HeaderBlock, receivedBlock } from './header-block.js';

const NO_FIELDS = blockOf([]);

/** What Node is told of a message together with its head. Trailers that it has to ask for cost a turn of the event loop and a frame. */
export interface SendOptions {
  endStream: boolean;
  waitForTrailers: boolean;
}

export interface MessageHost extends Omit<BodyFlowHost, 'begin' | 'missed'> {
  exchange: RuledExchange;
  /** Sends the head; returns the stream for the body, or undefined if there is none to send it to. */
  begin(change: HeadChange, options: SendOptions): Http2Stream | undefined;
}

export class MessagePhase {
  readonly #clock: Clock;
  readonly #heldBytesMax: number;
  #hold: Hold | undefined;
  #flow: BodyFlow | undefined;
  #ruling: Ruling | undefined;
  #trailers = NO_FIELDS;
  /** A fault has dropped them. */
  #hasDropped = false;
  #isOver = false;

  constructor({ clock, heldBytesMax }: { clock: Clock; heldBytesMax: number }) {
    this.#clock = clock;
    this.#heldBytesMax = heldBytesMax;
  }

  get heldBytes(): number {
    return this.#flow?.heldBytes ?? 0;
  }

  /** Whether no more of it will go on. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What is to go on behind the body. */
  get trailers(): HeaderBlock {
    return this.#trailers;
  }

  set trailers(block: HeaderBlock) {
    if (this.#ruling?.edits.some(({ trailers }) => trailers === 'drop')) this.#hasDropped = true;
    else this.#trailers = block;
  }

  /** Waits as the ruling says; then `settle`, at once if there is nothing to wait for. */
  begin(ruling: Ruling | undefined, exchange: RuledExchange, settle: () => void): void {
    this.#ruling = ruling;
    for (const over of ruling?.watches ?? []) exchange.onEnd(over);
    for (const { fault, trailers } of ruling?.edits ?? []) if (trailers === 'drop') missUnlessFelt(() => this.#hasDropped, fault, exchange);
    if (ruling === undefined || ruling.waits.length === 0) {
      settle();
      return;
    }
    this.#hold = new Hold(this.#clock, settle);
    this.#hold.start(ruling.waits);
  }

  /** Lets it go on, changed as far as it can be. */
  pass(source: Http2Stream, given: { subject: EditSubject; early?: EarlyBody | undefined }, host: MessageHost): void {
    const edits = this.#ruling?.edits ?? [];
    if (edits.length === 0 && given.subject.framing === 'none') {
      this.#passHead(source, host);
      return;
    }
    const { possible, impossible } = sortEdits(edits, given.subject);
    for (const { fault } of impossible) miss(fault, host.exchange);
    const options = { clock: this.#clock, heldBytesMax: this.#heldBytesMax, edits: possible, early: given.early };
    this.#flow = new BodyFlow(
      source,
      { ...options, hasBody: given.subject.framing !== 'none' },
      {
        ...host,
        begin: (change, extent) => host.begin(change, this.#sendOptions(extent)),
        ended: () => {
          this.close();
          host.ended();
        },
        cutShort: () => {
          this.close();
          host.cutShort();
        },
        missed: (fault) => miss(fault, host.exchange),
      },
    );
    this.#flow.start();
  }

  /** Sends the head now, if it waits for no more than what came with it. */
  hurry(): void {
    this.#flow?.beginNow();
  }

  /** Forgets what faults that are not in `faults` any more have asked for. */
  retain(faults: readonly ActiveFault[]): void {
    this.#hold?.retain(faults);
    this.#flow?.retain(faults);
  }

  /** The head is all there is. */
  #passHead(source: Http2Stream, host: MessageHost): void {
    const target = host.begin(UNCHANGED, this.#sendOptions('none'));
    this.close();
    if (target === undefined) return;
    // A stream is only over when its end was read.
    source.resume();
    host.ended();
  }

  #sendOptions(extent: BodyExtent): SendOptions {
    return { endStream: extent === 'none', waitForTrailers: extent === 'open' || (extent === 'whole' && !this.#trailers.isEmpty) };
  }

  /** It is over, whole or not. No timer is alive afterwards. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hold?.cancel();
    this.#flow?.close();
  }
}

/** What a stream brings behind the body of one message, and what it takes behind that of the other. */
export function carryTrailers(stream: Http2Stream, { from, to }: { from: MessagePhase; to: MessagePhase }): void {
  stream.on('trailers', (headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]) => {
    from.trailers = receivedBlock(headers, raw);
  });
  stream.on('wantTrailers', () => {
    if (!stream.closed) to.trailers.send((headers) => stream.sendTrailers(headers));
  });
}
