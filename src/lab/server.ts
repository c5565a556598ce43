/** Listening, for every sample program: loopback only, patient with idle connections, and closed without waiting for them. */
import type { Server } from 'node:http';
import { LabError, reasonOf } from '../core/errors.js';
import type { RunningProgram } from './program.js';

export const HOST = '127.0.0.1';

/** Longer than any caller keeps a connection idle, so that it is the caller who closes: a server that closes first races with the next request. */
const KEEP_ALIVE_MS = 65_000;

/** What a program works with and has to give back when it stops. */
type Part = AsyncDisposable | Disposable;

/**
 * Listens on `port` (0 takes any free one). Throws LISTEN_FAILED. Disposing stops at once: requests in progress are cut. Then the parts are disposed of, in
 * their order: nobody asks any more for what is gone.
 */
export async function listen(server: Server, port: number, parts: readonly Part[] = []): Promise<RunningProgram> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error): void => reject(new LabError('LISTEN_FAILED', { address: `${HOST}:${port}`, reason: reasonOf(error) }));
    server.once('error', refuse);
    server.listen(port, HOST, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const bound = server.address();
  return {
    address: `${HOST}:${typeof bound === 'object' && bound !== null ? bound.port : port}`,
    async [Symbol.asyncDispose]() {
      await close(server);
      for (const part of parts) await (Symbol.asyncDispose in part ? part[Symbol.asyncDispose]() : part[Symbol.dispose]());
    },
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
