/**
 * One read on its way through a side of the relay: how far it has been parsed, and from where on it is still to be sent. Sending is put off
 * as long as possible, so that a read in which nothing is odd leaves in one piece.
 */
import type { Wire } from '../wire.js';

export class Chunk {
  #bytes: Buffer;
  #source: Wire | undefined;
  readonly nowMs: number;
  /** When its first byte came: before now, if it was kept waiting. */
  readonly sinceMs: number;
  /** First byte that has not been parsed. */
  at = 0;
  /** First byte that has been neither sent nor dropped. */
  from = 0;
  /** Where the message being parsed begins, if that was in this chunk. */
  messageAt: number | undefined;

  constructor(bytes: Buffer, { source, nowMs, sinceMs = nowMs }: { source: Wire | undefined; nowMs: number; sinceMs?: number }) {
    this.#bytes = bytes;
    this.#source = source;
    this.nowMs = nowMs;
    this.sinceMs = sinceMs;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** The wire that lent the bytes; undefined: they are ours. */
  get source(): Wire | undefined {
    return this.#source;
  }

  /** Puts these in the place of what has been parsed from `startAt` on. All of it is ours then. */
  replace(startAt: number, bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes.subarray(0, startAt), bytes, this.#bytes.subarray(this.at)]);
    this.#source = undefined;
    this.at = startAt + bytes.length;
  }

  get isParsed(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The bytes up to `to` that are still to be sent, or undefined if there are none; they count as sent. */
  take(to: number): Buffer | undefined {
    const { bytes, from } = this;
    if (to <= from) return undefined;
    this.from = to;
    return from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
  }

  /** All from `from` on, lent as the chunk itself is; nothing is left here. */
  takeRest(from: number): Buffer {
    this.drop();
    return this.bytes.subarray(from);
  }

  /** Forgets what has not been sent. */
  drop(): void {
    this.at = this.bytes.length;
    this.from = this.bytes.length;
  }
}
