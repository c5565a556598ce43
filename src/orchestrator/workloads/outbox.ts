/** Exchanges on their way to the parent, in batches. When the parent does not read, they wait here up to a bound; beyond it they are counted as lost. */
import type { Writable } from 'node:stream';
import type { Exchange } from '../../journal/observations.js';
import type { LoadLine } from './load-protocol.js';

/** Exchanges that wait; at a thousand requests a second the parent may be away for a minute. */
const WAITING_MAX = 60_000;
/** Bytes that node may hold for the parent before we stop handing it more. */
const UNREAD_BYTES_MAX = 1024 * 1024;
/** Exchanges in one line, so that no line takes long to write or to read. */
const BATCH_MAX = 2_000;

export class Outbox {
  readonly #output: Writable;
  #waiting: Exchange[] = [];
  #lost = 0;

  constructor(output: Writable) {
    this.#output = output;
  }

  /** Exchanges that were dropped at the bound. */
  get lost(): number {
    return this.#lost;
  }

  /** From here on exchanges follow. */
  begin(): void {
    this.#write({ type: 'begun' });
  }

  add(exchange: Exchange): void {
    if (this.#waiting.length >= WAITING_MAX) this.#lost += 1;
    else this.#waiting.push(exchange);
  }

  /** Hands over what waits, unless the parent is far behind. */
  flush(): void {
    while (this.#waiting.length > 0 && this.#output.writableLength < UNREAD_BYTES_MAX) {
      this.#write({ type: 'exchanges', exchanges: this.#waiting.splice(0, BATCH_MAX) });
    }
  }

  /** Hands over all that waits and a last line, and resolves when it has left. */
  async end(last: LoadLine): Promise<void> {
    while (this.#waiting.length > 0) this.#write({ type: 'exchanges', exchanges: this.#waiting.splice(0, BATCH_MAX) });
    await new Promise<void>((resolve) => this.#write(last, resolve));
  }

  #write(line: LoadLine, done?: () => void): void {
    this.#output.write(`${JSON.stringify(line)}\n`, done);
  }
}
