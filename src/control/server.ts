/** Serves the control API of a daemon on one address. Loopback unless told otherwise, and then only with a token. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { LabError, reasonOf } from '../core/errors.js';
import { type ControlAppOptions, createControlApp } from './app.js';
import { isLoopback } from './guard.js';

export class ControlServer implements AsyncDisposable {
  readonly #options: ControlAppOptions & { port: number };
  #server: Server | undefined;

  constructor(options: ControlAppOptions & { port: number }) {
    if (!isLoopback(options.host) && options.token === undefined) {
      throw new LabError('USAGE', { problem: `--host ${options.host} is not loopback: give a token too, with --token-file FILE` });
    }
    this.#options = options;
  }

  /** `http://127.0.0.1:8474`. Rejects with LISTEN_FAILED. */
  async listen(): Promise<string> {
    const { host, port } = this.#options;
    const app = createControlApp(this.#options);
    return new Promise((resolve, reject) => {
      const server = serve({ fetch: app.fetch, hostname: host, port }) as Server;
      this.#server = server;
      server.once('error', (error) => reject(new LabError('LISTEN_FAILED', { address: `${host}:${port}`, reason: reasonOf(error) })));
      server.once('listening', () => {
        const { address, port: bound, family } = server.address() as AddressInfo;
        resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
