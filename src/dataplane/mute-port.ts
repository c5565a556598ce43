/**
 * A port whose callers get no answer, as behind a firewall that drops: a listener in a thread that stands still, with a full backlog, so the kernel
 * drops their SYNs and they send them again after 1, 3, 7 … seconds. Linux; root could do it with netfilter, we cannot.
 */
import { once } from 'node:events';
import net from 'node:net';
import { Worker } from 'node:worker_threads';
import { type Clock, sleep } from '../core/clock.js';
import type { Address } from './address.js';
import { type KeeperPorts, localHostOf, type PortKeeper } from './shut-port.js';

/** Each is a thread; beyond so many at a time there are no more. */
const THREADS_MAX = 32;
/** A backlog of 1 holds two connections; the third shows that it is full. */
const FILLERS_MAX = 8;
/** A connection on loopback is there at once, or not at all. */
const FILL_MS = 25;

/**
 * Kept as text because a thread begins with a file of its own, which the sources are not while they are not built. Once it listens it never returns
 * to its event loop, so it accepts nobody.
 */
const THREAD = `
const { parentPort, workerData: { host, port } } = require('node:worker_threads');
const server = require('node:net').createServer();
server.once('error', () => process.exit());
parentPort.once('message', () => server.listen({ port, backlog: 1, ...(host && { host }) }, () => {
  parentPort.postMessage('listening');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}));
parentPort.postMessage('ready');
`;

let threads = 0;

/** Undefined: there is no thread left, or the port cannot be taken; whoever had it should take it again. */
export async function mutePort(address: Address, { clock, leave }: KeeperPorts): Promise<PortKeeper | undefined> {
  if ('path' in address || threads >= THREADS_MAX) return undefined;
  threads += 1;
  const thread = new Worker(THREAD, { eval: true, workerData: address });
  thread.unref();
  thread.on('error', () => {});
  const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve())).finally(() => {
    threads -= 1;
  });
  const says = (): Promise<boolean> =>
    Promise.race([new Promise<boolean>((resolve) => thread.once('message', () => resolve(true))), gone.then(() => false)]);
  const fillers: net.Socket[] = [];
  const keeper: PortKeeper = {
    end: async () => {
      await thread.terminate();
      for (const filler of fillers) filler.destroy();
    },
  };
  if (await says()) {
    await leave();
    thread.postMessage('listen');
    if ((await says()) && (await fill(address, { fillers, clock }))) return keeper;
  }
  await keeper.end();
  return undefined;
}

/** Connects until somebody gets no answer. False: everybody did. */
async function fill({ host, port }: { host: string; port: number }, { fillers, clock }: { fillers: net.Socket[]; clock: Clock }) {
  while (fillers.length < FILLERS_MAX) {
    const filler = net.connect({ host: localHostOf(host), port });
    fillers.push(filler);
    filler.on('error', () => {});
    await Promise.race([once(filler, 'connect').catch(() => {}), sleep(clock, FILL_MS)]);
    // On a machine that stood still, the answer may be there and not have been read.
    await sleep(clock, 0);
    if (filler.connecting) return true;
  }
  return false;
}
