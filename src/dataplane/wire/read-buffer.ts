/**
 * Where one socket reads into: the buffer that all quiet sockets share, or a large one of its own while it reads in bulk. Who still needs the large
 * one when the next read comes takes it away, and the socket gets another.
 */
import type { ReceiveBuffers } from './receive-buffers.js';

/** Reads of so much make a socket busy, smaller ones make it quiet again. */
const LARGE_READ_BYTES = 16 * 1024;
/** Large reads, less the small ones since, that give a socket a large buffer; it is given back at 0. */
const BUSY = 2;
const BUSY_MAX = 4;

export class ReadBuffer {
  readonly #buffers: ReceiveBuffers;
  #own: Buffer | undefined;
  /** 0…BUSY_MAX. */
  #busyness = 0;

  constructor(buffers: ReceiveBuffers) {
    this.#buffers = buffers;
  }

  /** What is read into now. */
  get current(): Buffer {
    return this.#own ?? this.#buffers.shared;
  }

  /** After a read of so many bytes, what is read into next. A socket that falls silent after large reads keeps its buffer; the pool's bound is for that. */
  next(byteCount: number): Buffer {
    if (byteCount >= LARGE_READ_BYTES) this.#busyness = Math.min(this.#busyness + 1, BUSY_MAX);
    else if (this.#busyness > 0) this.#busyness -= 1;
    if (this.#busyness >= BUSY) this.#own ??= this.#buffers.take();
    else if (this.#busyness === 0) this.giveBack();
    return this.current;
  }

  /** The large buffer, if these bytes stand in it. */
  holding(bytes: Buffer): Buffer | undefined {
    return this.#own?.buffer === bytes.buffer ? this.#own : undefined;
  }

  /** The large buffer is somebody else's until they give it to the pool. */
  lend(): void {
    this.#own = undefined;
  }

  /** Makes bytes that stand in it the caller's own: without a copy if they fill most of a large buffer. */
  keep(bytes: Buffer): Buffer {
    const own = this.holding(bytes);
    if (own === undefined || bytes.length < own.length / 2) return Buffer.from(bytes);
    this.#own = undefined;
    this.#buffers.part(own, bytes);
    return bytes;
  }

  /** Back to the shared one. */
  giveBack(): void {
    if (this.#own === undefined) return;
    this.#buffers.give(this.#own);
    this.#own = undefined;
  }
}
