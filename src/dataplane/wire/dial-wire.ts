/** Dials an upstream as a wire, with a limit on how long that may take. */
import type { Clock, Timer } from '../../core/clock.js';
import { type Address, formatAddress } from '../address.js';
import type { Wire, WireHandlers } from '../wire.js';
import { connectSocket, dialHandle } from './dial-handle.js';
import { NativeWire } from './native-wire.js';
import { SocketWire } from './socket-wire.js';
import { type WireMode, workingMode } from './wire-mode.js';

export type Dial = Address & {
  /** The wire closes with ETIMEDOUT if the dial was not answered by then. */
  timeoutMs: number;
  clock: Clock;
  handlers: WireHandlers;
  /** By default what works in this process. */
  mode?: WireMode;
};

type Limit = (late: (error: Error) => void) => Timer;

/** Dials and returns at once. What is written before `open` waits in the wire; a dial that fails ends in `close(error)`; `destroy` gives up. */
export function dialWire({ timeoutMs, clock, handlers, mode = workingMode(), ...address }: Dial): Wire {
  const limit: Limit = (late) => clock.after(timeoutMs, () => late(timedOut(address, timeoutMs)));
  return mode === 'native' ? dialNativeWire(address, handlers, limit) : dialSocketWire(address, handlers, limit);
}

function timedOut(address: Address, timeoutMs: number): Error {
  const error = new Error(`${formatAddress(address)} did not answer within ${timeoutMs} ms`);
  return Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect' });
}

function dialNativeWire(address: Address, handlers: WireHandlers, limit: Limit): Wire {
  const wire = new NativeWire(handlers);
  wire.dialledBy({ dialling: dialHandle(address, wire), limit: limit((error) => wire.failed(error)) });
  return wire;
}

function dialSocketWire(address: Address, handlers: WireHandlers, limit: Limit): Wire {
  const socket = connectSocket(address);
  const timer = limit((error) => socket.destroy(error));
  socket.once('close', () => timer.cancel());
  socket.once('connect', () => {
    timer.cancel();
    wire.handlers.open?.();
  });
  const wire = new SocketWire(socket, handlers);
  return wire;
}
