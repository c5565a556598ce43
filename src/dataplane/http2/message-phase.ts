/** One message of an exchange, request or response: it waits as long as the faults ask, goes on through their edits, and tells who watches it. */
import type { Http2Stream, IncomingHttpHeaders } from 'node:http2';
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import { Hold } from '../http/hold.js';
import type { Ruling } from '../http/rule-on.js';
import { BodyFlow, type BodyFlowHost } from './body-flow.js';
import { HeaderBlock, receivedBlock } from './header-block.js';

export class MessagePhase {
  readonly #clock: Clock;
  readonly #heldBytesMax: number;
  #hold: Hold | undefined;
  #flow: BodyFlow | undefined;
  #ruling: Ruling | undefined;
  #trailers = new HeaderBlock([]);
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
    if (!this.#ruling?.edits.some(({ trailers }) => trailers === 'drop')) this.#trailers = block;
  }

  /** Waits as the ruling says; then `settle`, at once if there is nothing to wait for. */
  begin(ruling: Ruling | undefined, settle: () => void): void {
    this.#ruling = ruling;
    if (ruling === undefined || ruling.waits.length === 0) {
      settle();
      return;
    }
    this.#hold = new Hold(this.#clock, settle);
    this.#hold.start(ruling.waits);
  }

  /** Lets it go on. `hasBody` false: the head is all there is. */
  pass(source: Http2Stream, hasBody: boolean, host: BodyFlowHost): void {
    const edits = this.#ruling?.edits ?? [];
    const options = { clock: this.#clock, heldBytesMax: this.#heldBytesMax, edits, hasBody };
    this.#flow = new BodyFlow(source, options, {
      begin: (change) => host.begin(change),
      received: (byteCount) => host.received(byteCount),
      ended: () => {
        this.close();
        host.ended();
      },
      cutShort: () => {
        this.close();
        host.cutShort();
      },
    });
    this.#flow.start();
  }

  /** Forgets what faults that are not in `faults` any more have asked for. */
  retain(faults: readonly ActiveFault[]): void {
    this.#hold?.retain(faults);
    this.#flow?.retain(faults);
  }

  /** It is over, whole or not. No timer is alive afterwards. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hold?.cancel();
    this.#flow?.close();
    for (const passed of this.#ruling?.watches ?? []) passed();
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
