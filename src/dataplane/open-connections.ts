/** The open connections of one proxy by number: told in pages, killed one by one, and waited for when the proxy closes. */
import type { ConnectionPage, ConnectionState, ConnectionStatus } from './proxy.js';

export interface OpenConnection {
  readonly startMs: number;
  readonly heldBytes: number;
  state(): ConnectionState;
  /** Resets both sides. */
  cut(reason: 'killed'): void;
}

export class OpenConnections<C extends OpenConnection> {
  readonly #byNumber = new Map<number, C>();
  #whenEmpty: (() => void) | undefined;

  get size(): number {
    return this.#byNumber.size;
  }

  get heldBytes(): number {
    let sum = 0;
    for (const connection of this.#byNumber.values()) sum += connection.heldBytes;
    return sum;
  }

  [Symbol.iterator](): Iterator<C> {
    return this.#byNumber.values();
  }

  /** Numbers only ever grow. */
  add(number: number, connection: C): void {
    this.#byNumber.set(number, connection);
  }

  delete(number: number): void {
    this.#byNumber.delete(number);
    if (this.#byNumber.size === 0) this.#whenEmpty?.();
  }

  /** Oldest first. */
  page({ after, max }: ConnectionPage, nowMs: number): readonly ConnectionStatus[] {
    const page: ConnectionStatus[] = [];
    for (const [number, connection] of this.#byNumber) {
      if (page.length >= max) break;
      if (number > after) page.push({ connection: number, ageMs: nowMs - connection.startMs, ...connection.state() });
    }
    return page;
  }

  /** False if there is none of that number. */
  kill(number: number): boolean {
    const connection = this.#byNumber.get(number);
    connection?.cut('killed');
    return connection !== undefined;
  }

  /** Resolves when the last of them has ended. */
  async ended(): Promise<void> {
    if (this.#byNumber.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }
}
