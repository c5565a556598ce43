/**
 * What inventory and payments have in common: one route that works for a few milliseconds, a shallow `/health` and a deep `/ready`. The two
 * differ on purpose: `/health` stays green for as long as the process lives, which is how a gray failure hides; `/ready` does the work once.
 */
import type { Server } from 'node:http';
import { type Clock, sleep } from '../../core/clock.js';
import { readBody } from '../body.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { serviceTimeMs } from './service-time.js';

export interface Backend {
  /** The instance's name, told in every answer. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** `/stock/`: what follows is the key. */
  readonly prefix: string;
  /** The work itself; what it returns is answered beside `instance` and `key`. */
  readonly work: (key: string) => Readonly<Record<string, unknown>>;
  readonly clock: Clock;
}

export function createBackend(backend: Backend): Server {
  return createJsonServer((asked) => serve(backend, asked));
}

async function serve(backend: Backend, { request, response, path }: Asked): Promise<void> {
  const requestId = request.headers['x-request-id'];
  if (requestId !== undefined) response.setHeader('x-request-id', requestId);
  if (path === '/health') return answerJson(response, 200, { instance: backend.name, status: 'up' });
  if (path === '/ready')
    return answerJson(response, 200, { instance: backend.name, status: 'ready', ...(await perform(backend, 'ready')) });
  if (!path.startsWith(backend.prefix)) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== backend.method) return answerJson(response, 405, { error: `expected ${backend.method}` });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const key = path.slice(backend.prefix.length);
  answerJson(response, 200, { instance: backend.name, key, ...(await perform(backend, key)) });
}

async function perform(backend: Backend, key: string): Promise<Readonly<Record<string, unknown>>> {
  await sleep(backend.clock, serviceTimeMs(key));
  return backend.work(key);
}
