/** Requests per second by HTTP/2 inside of TLS, closed loop, with h2load. A single answer that is not a 2xx makes the whole figure invalid. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { whereIs } from '../installed.mjs';

const run = promisify(execFile);
const h2load = whereIs('h2load');

export const h2loadMissing = () => (h2load === undefined ? 'h2load is not installed: apt-get install nghttp2-client' : undefined);

/** Resolves to `{ count, rate }`, the latter a second. Each connection has so many requests under way at a time. */
export async function hammerHttp2({ address, connections, streams, seconds, signal }) {
  const args = ['-t1', `-c${connections}`, `-m${streams}`, `-D${Math.ceil(seconds)}`, `https://${address}/hello`];
  const { stdout } = await run(h2load, args, { signal });
  return readH2load(stdout);
}

/** How many requests, and how many a second, from what h2load has printed; throws if it has seen anything but good answers. */
export function readH2load(text) {
  const bad = /\b[1-9]\d* (?:failed|errored|timeout)\b/.exec(text) ?? /\b[1-9]\d* [345]xx\b/.exec(text);
  if (bad !== null) throw new Error(bad[0]);
  const count = Number(/ (\d+) succeeded/.exec(text)?.[1] ?? 0);
  const rate = Number(/, ([\d.]+) req\/s/.exec(text)?.[1] ?? 0);
  if (count === 0 || rate === 0) throw new Error('no request was answered');
  return { count, rate };
}
