/** What a flow of messages asks of the side that owns it: a seam, so that each can be read by itself. */
import type { ActiveFault } from '../faults/active-fault.js';
import type { Wire } from '../wire.js';
import type { Chunk } from './chunk.js';
import type { Malformation } from './malformation.js';

/** A head that was just read: where it begins, and the chunk that has been parsed up to its end. */
export interface ReadHead {
  chunk: Chunk;
  startAt: number;
}

/** Whose flow it is. What it does may stop the flow. */
export interface FlowOwner {
  /** A head is next; false if nobody expects one, which has been dealt with. */
  expectsMessage(chunk: Chunk): boolean;
  /** So many bytes of the message's body have been read; `isPassing`: and go on as they came. */
  read(byteCount: number, isPassing: boolean, chunk: Chunk): void;
  /** Says by `pass`, `drop`, `edit` or `hold` what becomes of the message. */
  headRead(text: string, head: ReadHead): void;
  /** The rest of the message will be read and dropped, for the receiver has all that it is to have. */
  dropsRest(): void;
  /** It has been read to its end, and has gone on. `chunk` has been parsed so far. */
  messageOver(chunk: Chunk): void;
  malformed(problem: Malformation, head: ReadHead): void;
  /** Sends bytes that `source` lent, or our own. False: no more until `drained`. */
  send(bytes: Buffer, source: Wire | undefined): boolean;
  /** Nothing may follow on the connection what was rewritten, and here has gone on: the flow is to be stopped. */
  mustEnd(isWhole: boolean): void;
  /** `isFull` may have changed. */
  steer(): void;
  /** What waited has gone on, and what was kept behind it has been read; or the flow was stopped over it. */
  wentOn(): void;
  /** A fault cuts the connection. */
  cut(): void;
}

/** How the owner is told of a message that is edited. */
export interface EditWatch<H> {
  /** The head as it goes on, right before it does; undefined: as it came. */
  headReady(head: H | undefined): void;
  /** So many bytes go on in place of those that came. */
  sent(byteCount: number): void;
  /** What this fault was to do cannot be done, or is not any more because the fault is gone. */
  missed(fault: ActiveFault, why?: 'gone'): void;
}
