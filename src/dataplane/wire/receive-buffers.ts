/**
 * Memory that sockets are read into. Quiet sockets share one buffer, so that an idle connection costs none of its own; sockets that
 * read in bulk borrow a large one from a bounded pool. Whatever stands in the shared buffer is gone with the next read of any socket.
 */

/** One read of a quiet socket takes at most so much. */
const SHARED_BYTES = 64 * 1024;
/** One read of a busy socket takes at most so much. */
const LARGE_BYTES = 256 * 1024;
/** Large buffers of one process, 16 MiB in all; beyond it a busy socket goes on with the shared buffer and copies. */
const LARGE_COUNT_MAX = 64;
/**
 * Free ones while kept bytes come and go in bulk, 128 MiB in all, which is what a long path may hold: what it lets go of in one burst it reads
 * into again in the next. Beyond it the garbage collector gets them.
 */
const FREE_COUNT_MAX = 512;

export class ReceiveBuffers {
  readonly shared: Buffer;
  readonly #largeBytes: number;
  readonly #largeCountMax: number;
  readonly #free: Buffer[] = [];
  /** The memory of every buffer there is, to tell borrowed bytes from owned ones. */
  readonly #memory = new Set<ArrayBufferLike>();
  /** Kept bytes, and the buffers that were parted with for them. */
  readonly #parted = new WeakMap<Buffer, Buffer>();

  constructor({ sharedBytes = SHARED_BYTES, largeBytes = LARGE_BYTES, largeCountMax = LARGE_COUNT_MAX } = {}) {
    this.#largeBytes = largeBytes;
    this.#largeCountMax = largeCountMax;
    this.shared = this.#allocate(sharedBytes);
  }

  /** A large buffer, or undefined when all are out. */
  take(): Buffer | undefined {
    return this.#free.pop() ?? (this.#memory.size <= this.#largeCountMax ? this.#allocate(this.#largeBytes) : undefined);
  }

  /** Takes a large buffer back. The caller makes sure that no write refers to it any more. */
  give(buffer: Buffer): void {
    this.#free.push(buffer);
    // Somebody has gone quiet: what bulk has left behind goes.
    for (const { buffer: memory } of this.#free.splice(this.#largeCountMax)) this.#memory.delete(memory);
  }

  /** Parts with a large buffer: these bytes in it are somebody's own from now on. */
  part(buffer: Buffer, kept: Buffer): void {
    this.#memory.delete(buffer.buffer);
    this.#parted.set(kept, buffer);
  }

  /** If a buffer was parted with for just these bytes, it is read into again, now that they have been sent. What was cut up is left to the garbage collector. */
  reclaim(kept: Buffer): void {
    const buffer = this.#parted.get(kept);
    if (buffer === undefined || this.#free.length >= FREE_COUNT_MAX) return;
    this.#parted.delete(kept);
    this.#memory.add(buffer.buffer);
    this.#free.push(buffer);
  }

  /** Whether these bytes stand in memory that will be read into again. */
  holds(bytes: Buffer): boolean {
    return this.#memory.has(bytes.buffer);
  }

  /** Large buffers that are out. */
  get takenCount(): number {
    return this.#memory.size - 1 - this.#free.length;
  }

  #allocate(bytes: number): Buffer {
    // Slow means: memory of its own, not a slice of the pool that small buffers share, so that it can be told by identity.
    const buffer = Buffer.allocUnsafeSlow(bytes);
    this.#memory.add(buffer.buffer);
    return buffer;
  }
}
