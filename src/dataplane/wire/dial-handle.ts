/** Dials an address and gives the native handle: a numeric one natively; a name or a path by Node, which knows how to look for it. */
import net from 'node:net';
import type { Timer } from '../../core/clock.js';
import type { Address, HostPort } from '../address.js';
import { type NativeHandle, nativeStreams, systemError, takeHandle } from './native-handle.js';

/** A dial under way. */
export interface Dialling {
  /** Gives up, or cleans up after a failure. No call follows. */
  cancel(): void;
}

/** The same with its limit in time, if it has one. */
export interface LimitedDial {
  dialling: Dialling;
  limit?: Timer;
}

/** One of the two is called, once, in a later turn. */
export interface DialOutcome {
  answered(handle: NativeHandle): void;
  failed(error: NodeJS.ErrnoException): void;
}

const PORT_MAX = 65_535;

export function dialHandle(to: Address, outcome: DialOutcome): Dialling {
  return 'host' in to && net.isIP(to.host) !== 0 && isPort(to.port) ? dialNumeric(to, outcome) : dialByNode(to, outcome);
}

function dialNumeric(to: HostPort, outcome: DialOutcome): Dialling {
  let isCancelled = false;
  const handle = nativeStreams().dial(to, (status) => {
    if (isCancelled) return;
    if (status === 0) outcome.answered(handle);
    else outcome.failed(systemError(status, 'connect'));
  });
  return {
    cancel: () => {
      isCancelled = true;
      handle.close(() => {});
    },
  };
}

function dialByNode(to: Address, outcome: DialOutcome): Dialling {
  const socket = connectSocket(to).pause();
  socket.once('error', (error) => outcome.failed(error));
  socket.once('connect', () => outcome.answered(takeHandle(socket)));
  return { cancel: () => socket.destroy() };
}

/** A socket that dials; half-closes are carried by it. */
export function connectSocket(to: Address): net.Socket {
  const options = { allowHalfOpen: true, noDelay: true };
  if ('path' in to) return net.connect({ path: to.path, ...options });
  if (isPort(to.port)) return net.connect({ host: to.host, port: to.port, ...options });
  // A port that is none would throw here; it is the dial that has to fail.
  const error = new Error(`${to.host} is dialled on no port`);
  return new net.Socket().destroy(Object.assign(error, { code: 'EADDRNOTAVAIL', syscall: 'connect' }));
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= PORT_MAX;
}
