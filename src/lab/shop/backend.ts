/**
 * What inventory and payments have in common: one route that works for a few milliseconds, a shallow `/health` and a deep `/ready`. The two
 * differ on purpose: `/health` stays green for as long as the process lives, which is how a gray failure hides; `/ready` does the work once.
 */
import type { Server } from 'node:http';
import { type Clock, sleep } from '../../core/clock.js';
import { readBody } from '../body.js';
import { readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { leaving } from '../leaving.js';
import type { ProgramInput, RunningProgram } from '../program.js';
import { listen } from '../server.js';
import { readFlags } from '../switches.js';
import { CAPACITY_FLAGS, type Capacity, readCapacity } from './capacity.js';

export interface Work {
  readonly method: 'GET' | 'POST';
  /** `/stock/`: what follows is the key. */
  readonly prefix: string;
  /** The work itself; what it returns is answered beside `instance` and `key`. */
  readonly work: (key: string) => Readonly<Record<string, unknown>>;
}

interface Backend extends Work {
  /** The instance's name, told in every answer. */
  readonly name: string;
  readonly capacity: Capacity;
  readonly clock: Clock;
}

/** Started with PORT and NAME in the environment, and with the switches of its capacity. */
export function startBackend(work: Work, { args, env, clock, die }: ProgramInput): Promise<RunningProgram> {
  const capacity = readCapacity(readFlags(args, CAPACITY_FLAGS), { clock, die });
  return listen(createBackend({ ...work, name: readText(env, 'NAME'), capacity, clock }), readPort(env, 'PORT'));
}

function createBackend(backend: Backend): Server {
  return createJsonServer((asked) => serve(backend, asked));
}

async function serve(backend: Backend, asked: Asked): Promise<void> {
  const { request, response, path } = asked;
  const requestId = request.headers['x-request-id'];
  if (requestId !== undefined) response.setHeader('x-request-id', requestId);
  if (path === '/health') return answerJson(response, 200, { instance: backend.name, status: 'up' });
  if (path === '/ready') return perform(backend, asked, { key: 'ready', says: { status: 'ready' } });
  if (!path.startsWith(backend.prefix)) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== backend.method) return answerJson(response, 405, { error: `expected ${backend.method}` });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const key = path.slice(backend.prefix.length);
  return perform(backend, asked, { key, says: { key } });
}

async function perform(
  { name, capacity, clock, work }: Backend,
  { response }: Asked,
  { key, says }: { key: string; says: Readonly<Record<string, unknown>> },
): Promise<void> {
  const worked = await capacity.work(async () => {
    await sleep(clock, capacity.timeMs(key));
    return work(key);
  }, leaving(response));
  if (worked.kind === 'refused') return answerJson(response, 503, { instance: name, error: `turned away: ${worked.why}` });
  answerJson(response, 200, { instance: name, ...says, ...worked.value });
}
