/**
 * Requests per second over many connections, closed loop: with wrk where it is installed, because a client in C leaves the machine to the
 * subject, else with our own connections. The output says which. A single answer that is not a 200 makes the whole figure invalid.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { whereIs } from '../installed.mjs';
import { Connection } from './connection.mjs';

const run = promisify(execFile);
const wrk = whereIs('wrk');

/** What sends the load: `wrk`, or `node`. */
export const hammerKind = wrk === undefined ? 'node' : 'wrk';

/** Resolves to `{ count, rate }`, the latter a second. `keepsAlive: false` opens a connection for every request; `https` takes wrk. */
export function hammer({ address, connections, seconds, keepsAlive, scheme = 'http', signal }) {
  const ask = { address, connections, seconds, keepsAlive, scheme, signal };
  return wrk === undefined ? hammerWithNode(ask) : hammerWithWrk(ask);
}

async function hammerWithWrk({ address, connections, seconds, keepsAlive, scheme, signal }) {
  // wrk counts whole seconds only.
  const args = ['-t1', `-c${connections}`, `-d${Math.ceil(seconds)}s`, '--timeout', '5s'];
  if (!keepsAlive) args.push('-H', 'Connection: close');
  const { stdout } = await run(wrk, [...args, `${scheme}://${address}/hello`], { signal });
  return readWrk(stdout);
}

/** How many requests, and how many a second, from what wrk has printed; throws if it has seen anything but good answers. */
export function readWrk(text) {
  const bad = /Non-2xx or 3xx responses: \d+|Socket errors: .+/.exec(text);
  if (bad !== null) throw new Error(bad[0]);
  const count = Number(/(\d+) requests in /.exec(text)?.[1] ?? 0);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1] ?? 0);
  if (count === 0 || rate === 0) throw new Error('no request was answered');
  return { count, rate };
}

async function hammerWithNode({ address, connections, seconds, keepsAlive, signal }) {
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  const lanes = Array.from({ length: connections }, () => lane({ address, endMs, keepsAlive, signal }));
  const counts = await Promise.all(lanes);
  const count = counts.reduce((sum, one) => sum + one, 0);
  return { count, rate: count / ((performance.now() - startMs) / 1_000) };
}

async function lane({ address, endMs, keepsAlive, signal }) {
  let count = 0;
  let connection = await Connection.open(address);
  while (performance.now() < endMs && !signal?.aborted) {
    await connection.get();
    count += 1;
    if (keepsAlive) continue;
    connection.close();
    connection = await Connection.open(address);
  }
  connection.close();
  return count;
}
