/**
 * A port on which nobody listens and that nobody else can be given: a socket is bound to it and connected to itself, so the kernel refuses callers
 * and leaves the port out when it chooses one for somebody else.
 */
import { once } from 'node:events';
import net from 'node:net';
import type { Clock } from '../core/clock.js';
import type { Address } from './address.js';

/** What keeps a port while nobody is let in. */
export interface PortKeeper {
  /** Gives the port free. */
  end(): Promise<void>;
}

/** What keeping a port takes. */
export interface KeeperPorts {
  clock: Clock;
  /** Whoever has the port leaves it. Called once at most, and as late as possible: from then on callers are refused. */
  leave(): Promise<void>;
}

/** Undefined: the port cannot be kept, and whoever had it should take it again. */
export async function shutPort(address: Address, { leave }: KeeperPorts): Promise<PortKeeper | undefined> {
  if ('path' in address) return undefined;
  await leave();
  const { port } = address;
  const host = localHostOf(address.host);
  const socket = net.connect({ host, port, localAddress: host, localPort: port });
  try {
    await once(socket, 'connect');
  } catch {
    return undefined;
  }
  socket.on('error', () => {});
  return {
    end: async () => {
      socket.resetAndDestroy();
    },
  };
}

/** One address of a host that may stand for several. */
export function localHostOf(host: string): string {
  const isOne = net.isIP(host) !== 0 && host !== '0.0.0.0' && host !== '::';
  return isOne ? host : '127.0.0.1';
}
