/** What a listener makes of a connection that has come in, by what it came in as. */
import type net from 'node:net';
import type { Accepted } from '../wire.js';
import { type NativeHandle, socketOf } from './native-handle.js';
import { NativeWire } from './native-wire.js';
import { resetSocket, SocketWire } from './socket-wire.js';

/** Options that a server must be created with for its sockets to be given to `acceptSocket`. */
export const ACCEPT_OPTIONS = { pauseOnConnect: true, allowHalfOpen: true, noDelay: true } as const satisfies net.ServerOpts;

export function acceptSocket(socket: net.Socket): Accepted {
  return {
    wire: (handlers) => new SocketWire(socket, handlers),
    socket: () => socket,
    refuse: () => resetSocket(socket),
  };
}

export function acceptHandle(handle: NativeHandle): Accepted {
  handle.setNoDelay?.(true);
  return {
    wire: (handlers) => new NativeWire(handlers, handle),
    socket: () => socketOf(handle),
    refuse: () => resetSocket(socketOf(handle)),
  };
}
