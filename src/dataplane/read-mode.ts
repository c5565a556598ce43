/**
 * Finds out, once a process, whether accepted sockets can be read below the stream layer on this version of Node. It tries on
 * loopback what every connection will do; anything but the right bytes and the right end means that the slower way is taken.
 */
import { once } from 'node:events';
import net from 'node:net';
import { type Clock, hostClock } from '../core/clock.js';
import { ACCEPT_OPTIONS, accepted, type ReadMode } from './wire.js';

/** More than a working loopback needs even on a stalled machine. */
const TRIAL_MS_MAX = 5_000;

let known: Promise<ReadMode> | undefined;

/** The way in which accepted sockets are read in this process. The first call tries it out, which takes a few milliseconds. */
export function readMode(): Promise<ReadMode> {
  known ??= tryOnread(hostClock).then((works) => (works ? 'onread' : 'stream'));
  return known;
}

/** Sends a pattern to a taken-over socket, half-closes, and expects the echo of both. Never rejects. */
export async function tryOnread(clock: Clock, accept: typeof accepted = accepted): Promise<boolean> {
  const sent = Buffer.from(Array.from({ length: 40_000 }, (_, i) => i % 251));
  const server = net.createServer(ACCEPT_OPTIONS, (socket) => {
    try {
      const wire = accept(socket, 'onread').wire({
        data: (bytes) => wire.forward(bytes, wire),
        end: () => wire.end(),
        drain: () => {},
        close: () => {},
      });
    } catch {
      // The internals are not what they were: the client sees a reset, and the trial has failed.
      socket.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await echoes({ clock, port: (server.address() as net.AddressInfo).port, sent });
  } finally {
    server.close();
  }
}

function echoes({ clock, port, sent }: { clock: Clock; port: number; sent: Buffer }): Promise<boolean> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const client = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    const finish = (works: boolean): void => {
      timer.cancel();
      client.destroy();
      resolve(works);
    };
    const timer = clock.after(TRIAL_MS_MAX, () => finish(false));
    client.on('data', (bytes) => received.push(bytes));
    client.on('end', () => finish(Buffer.concat(received).equals(sent)));
    client.on('error', () => finish(false));
    client.end(sent);
  });
}
