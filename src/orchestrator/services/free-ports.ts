/**
 * Ports for services that are yet to be started. A reader would get wrong that a port which is free now is free a second later: the system gives the
 * ports of its own range to whoever connects somewhere, so they are looked for below it. And runs that start side by side look at the same time, before
 * any of their services listens: whoever has chosen a port says so to the others by a socket that has its number for a name (Linux alone knows such).
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Below are the ports that programs have by name. */
const PORT_MIN = 20_000;
/** Fewer than so many are soon all taken by runs side by side. */
const ROOM_MIN = 2_000;
const TRIES_MAX = 50;
/** Chosen ports that this process has told of; the oldest are given back, for their services have long begun to listen. */
const HELD_MAX = 400;

const held: Server[] = [];

/** So many different ones that nobody uses now; they are all held until the last is found. */
export async function freePorts(count: number): Promise<number[]> {
  const below = systemRangeStart();
  const servers: Server[] = [];
  try {
    while (servers.length < count) servers.push(await openAnywhere(below));
    return servers.map((server) => (server.address() as AddressInfo).port);
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** The first port that the system gives away by itself; 0 where it does not say. */
function systemRangeStart(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1').split(/\s+/)[0]);
  } catch {
    return 0;
  }
}

/** On a port below `below` by chance; where there is no room, or luck, on whichever the system gives. */
async function openAnywhere(below: number): Promise<Server> {
  for (let i = 0; below - PORT_MIN >= ROOM_MIN && i < TRIES_MAX; i++) {
    const port = randomInt(PORT_MIN, below);
    const server = await open(port).catch(() => undefined);
    if (server === undefined) continue;
    if (await hold(port)) return server;
    await new Promise((resolve) => server.close(resolve));
  }
  return open(0);
}

/** False where somebody else has chosen it who looks for ports as we do. */
async function hold(port: number): Promise<boolean> {
  const sign = createServer().unref();
  const refusal = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    sign.once('error', resolve);
    sign.listen(`\0faultlab-port-${port}`, () => resolve(undefined));
  });
  if (refusal !== undefined) return refusal.code !== 'EADDRINUSE';
  held.push(sign);
  for (const oldest of held.splice(0, held.length - HELD_MAX)) oldest.close();
  return true;
}

function open(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
