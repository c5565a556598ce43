/** Observers of heartbeats: each listens on a port of its own and notes when which number came. Lines that are no number are counted and left out. */
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import type { Clock } from '../../core/clock.js';
import type { Beat } from '../../verify/detectors/candidates.js';

/** Beyond so many heartbeats nothing more is noted: a trial has thousands, not millions. */
const BEATS_MAX = 1_000_000;

export class Ear implements AsyncDisposable {
  readonly name: string;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(name: string, clock: Clock, heard: Beat[]) {
    this.name = name;
    this.#server = net.createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      createInterface({ input: socket }).on('line', (line) => {
        const sequence = Number(line);
        if (Number.isInteger(sequence) && heard.length < BEATS_MAX) heard.push({ observer: name, sequence, atMs: clock.nowMs() });
      });
    });
  }

  /** `heard` is what all observers share, in the order in which it came. */
  static async open(name: string, clock: Clock, heard: Beat[]): Promise<Ear> {
    const ear = new Ear(name, clock, heard);
    ear.#server.listen(0, '127.0.0.1');
    await once(ear.#server, 'listening');
    return ear;
  }

  get address(): string {
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') throw new Error('an open observer has a port');
    return `127.0.0.1:${bound.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
