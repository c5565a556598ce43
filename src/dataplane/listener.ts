/** A listening port or path whose sockets become wires. It does not count or close the connections it has handed over: they belong to the proxy. */
import { lstat, unlink } from 'node:fs/promises';
import net from 'node:net';
import { LabError, reasonOf } from '../core/errors.js';
import { type Address, formatAddress } from './address.js';
import { ACCEPT_OPTIONS, acceptHandle, acceptSocket } from './wire/accept.js';
import { takeConnections } from './wire/native-handle.js';
import { tryWireMode } from './wire/wire-mode.js';
import type { Accepted } from './wire.js';

export interface Listener {
  /** With the real port. */
  readonly address: Address;
  /** Stops listening. */
  close(): Promise<void>;
}

/**
 * Listens; port 0 takes any free one, `::` or no host takes both families. What a dead process has left at a path is taken over. `accept` gets each
 * new connection. Rejects with LISTEN_FAILED.
 */
export async function openListener(at: Address, accept: (connection: Accepted) => void): Promise<Listener> {
  const mode = await tryWireMode();
  if ('path' in at) await removeAbandoned(at.path);
  const server = net.createServer(ACCEPT_OPTIONS, (socket) => accept(acceptSocket(socket)));
  const address = await listen(server, at);
  if (mode === 'native') takeConnections(server, (handle) => accept(acceptHandle(handle)));
  // A connection that cannot be accepted (EMFILE …) is lost to its client; the port stays open for the next one.
  server.on('error', () => {});
  return {
    address,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listen(server: net.Server, at: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(new LabError('LISTEN_FAILED', { address: formatAddress(at), reason: reasonOf(error) }, { cause: error }));
    server.once('error', fail);
    const options = 'path' in at ? at : { port: at.port, ...(at.host && { host: at.host }) };
    server.listen(options, () => {
      server.off('error', fail);
      resolve('path' in at ? at : { host: at.host, port: (server.address() as net.AddressInfo).port });
    });
  });
}

/** Removes a socket that nobody listens on, and nothing else: a process that was killed leaves its own behind. */
async function removeAbandoned(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket() && (await isRefused(path))) await unlink(path).catch(() => {});
}

function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ path });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(false));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ECONNREFUSED'));
  });
}
