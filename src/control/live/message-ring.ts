/**
 * The stream for pages: every message is written once, as the bytes that go over the wire, and kept for a while. Readers only remember how far they have
 * come, so a slow one costs nothing; one that falls behind what is kept is told of the gap, and its stream ends.
 */
import { LabError } from '../../core/errors.js';
import type { LiveGap, LiveMessages } from './contract.js';

const MESSAGES_MAX = 20_000;
/** Also a page that was away for a minute finds what it missed. */
const BYTES_MAX = 8 * 1024 * 1024;
const READERS_MAX = 50;
/** Handed over at a time; the rest waits until the reader has taken these. */
const CHUNK_BYTES_MAX = 64 * 1024;

export class MessageRing {
  /** By number, modulo its length. */
  readonly #slots: (Buffer | undefined)[] = Array.from({ length: MESSAGES_MAX });
  /** Number of the oldest that is kept; the first ever is 1. */
  #first = 1;
  #newest = 0;
  #bytes = 0;
  readonly #waiting = new Set<() => void>();
  #readers = 0;

  /** Number of the newest. */
  get newest(): number {
    return this.#newest;
  }

  get readers(): number {
    return this.#readers;
  }

  publish<E extends Exclude<keyof LiveMessages, 'gap'>>(event: E, data: LiveMessages[E]): void {
    if (this.#newest - this.#first + 1 === MESSAGES_MAX) this.#dropOldest();
    this.#newest += 1;
    const message = encode(event, data, this.#newest);
    this.#slots[this.#newest % MESSAGES_MAX] = message;
    this.#bytes += message.length;
    while (this.#bytes > BYTES_MAX && this.#first < this.#newest) this.#dropOldest();
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** What comes after a number, for as long as somebody reads. Throws BOUND_REACHED. */
  open(after: number): ReadableStream<Uint8Array> {
    if (this.#readers >= READERS_MAX) throw new LabError('BOUND_REACHED', { what: 'open streams', max: READERS_MAX });
    this.#readers += 1;
    let next = after + 1;
    let isOpen = true;
    const leave = (): void => {
      if (isOpen) this.#readers -= 1;
      isOpen = false;
    };
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          while (isOpen && next > this.#newest) await this.#news();
          if (!isOpen) return;
          if (next < this.#first) {
            leave();
            controller.enqueue(encode('gap', { reason: 'late' }));
            controller.close();
            return;
          }
          const chunk = this.#from(next);
          next += chunk.length;
          controller.enqueue(Buffer.concat(chunk));
        },
        cancel: () => {
          leave();
          for (const wake of this.#waiting) wake();
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Nobody hears of anything any more. */
  static ended(gap: LiveGap): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(encode('gap', gap));
        controller.close();
      },
    });
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #from(number: number): Buffer[] {
    const chunk: Buffer[] = [];
    let bytes = 0;
    for (let at = number; at <= this.#newest && bytes < CHUNK_BYTES_MAX; at++) {
      const message = this.#slots[at % MESSAGES_MAX];
      if (message === undefined) break;
      chunk.push(message);
      bytes += message.length;
    }
    return chunk;
  }

  #dropOldest(): void {
    const at = this.#first % MESSAGES_MAX;
    this.#bytes -= this.#slots[at]?.length ?? 0;
    this.#slots[at] = undefined;
    this.#first += 1;
  }
}

/** JSON has no line ends of its own, so one `data:` line holds it. */
function encode<E extends keyof LiveMessages>(event: E, data: LiveMessages[E], number?: number): Buffer {
  const id = number === undefined ? '' : `id: ${number}\n`;
  return Buffer.from(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
