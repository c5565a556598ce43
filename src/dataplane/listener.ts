/** A listening port whose sockets become wires. It does not count or close the connections it has handed over: they belong to the proxy. */
import net from 'node:net';
import { LabError, reasonOf } from '../core/errors.js';
import { type Address, formatAddress } from './address.js';
import { readMode } from './read-mode.js';
import { ACCEPT_OPTIONS, type ReadMode } from './wire.js';

export interface Listener {
  /** With the real port. */
  readonly address: Address;
  /** Stops listening. */
  close(): Promise<void>;
}

/** Listens; port 0 takes any free one. `accept` gets each new socket, ready for `acceptWire`. Rejects with LISTEN_FAILED. */
export async function openListener(at: Address, accept: (socket: net.Socket, mode: ReadMode) => void): Promise<Listener> {
  const mode = await readMode();
  const server = net.createServer(ACCEPT_OPTIONS, (socket) => accept(socket, mode));
  const { port } = await listen(server, at);
  // A connection that cannot be accepted (EMFILE …) is lost to its client; the port stays open for the next one.
  server.on('error', () => {});
  return {
    address: { host: at.host, port },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listen(server: net.Server, at: Address): Promise<net.AddressInfo> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(new LabError('LISTEN_FAILED', { address: formatAddress(at), reason: reasonOf(error) }, { cause: error }));
    server.once('error', fail);
    server.listen({ port: at.port, ...(at.host && { host: at.host }) }, () => {
      server.off('error', fail);
      resolve(server.address() as net.AddressInfo);
    });
  });
}
