/**
 * Finds out, once a process, whether wires can be made of native handles on this version of Node. It tries on loopback what every connection
 * will do; anything but the right bytes and the right end means that the slower way is taken.
 */
import { once } from 'node:events';
import net from 'node:net';
import { type Clock, hostClock } from '../../core/clock.js';
import type { Accepted, Wire } from '../wire.js';
import { ACCEPT_OPTIONS, acceptHandle } from './accept.js';
import { dialHandle } from './dial-handle.js';
import { takeConnections } from './native-handle.js';
import { NativeWire } from './native-wire.js';

/** `native`: Node's own handles. `socket`: streams, slower. */
export type WireMode = 'native' | 'socket';

/** More than a working loopback needs even on a stalled machine. */
const TRIAL_MS_MAX = 5_000;

let trial: Promise<WireMode> | undefined;
let working: WireMode = 'socket';

/** The kind of wire that works in this process. The first call tries it out, which takes a few milliseconds. */
export function tryWireMode(): Promise<WireMode> {
  trial ??= worksNatively(hostClock).then((works) => {
    working = works ? 'native' : 'socket';
    return working;
  });
  return trial;
}

/** What was found out; until then the kind that works everywhere. */
export function workingMode(): WireMode {
  return working;
}

/** Sends a pattern from one native wire to another, half-closes, and expects the echo of both. Never rejects. */
export async function worksNatively(clock: Clock, accept: typeof acceptHandle = acceptHandle): Promise<boolean> {
  const server = net.createServer(ACCEPT_OPTIONS, (socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    takeConnections(server, (handle) => {
      try {
        echo(accept(handle));
      } catch {
        // The internals are not what they were: the client sees an end without an echo.
        handle.close(() => {});
      }
    });
    return await echoes(clock, (server.address() as net.AddressInfo).port);
  } catch {
    return false;
  } finally {
    server.close();
  }
}

function echo(accepted: Accepted): void {
  const wire: Wire = accepted.wire({
    data: (bytes) => wire.forward(bytes, wire),
    end: () => wire.end(),
    drain: () => {},
    close: () => {},
  });
}

function echoes(clock: Clock, port: number): Promise<boolean> {
  const sent = Buffer.from(Array.from({ length: 40_000 }, (_, i) => i % 251));
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const finish = (works: boolean): void => {
      limit.cancel();
      client.destroy();
      resolve(works);
    };
    const client = new NativeWire({
      data: (bytes) => received.push(Buffer.from(bytes)),
      end: () => finish(Buffer.concat(received).equals(sent)),
      drain: () => {},
      close: () => finish(false),
    });
    const limit = clock.after(TRIAL_MS_MAX, () => finish(false));
    client.dialledBy({ dialling: dialHandle({ host: '127.0.0.1', port }, client) });
    client.write(sent);
    client.end();
  });
}
