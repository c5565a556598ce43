/**
 * A worker that does jobs while it holds the lock, and leaves them to the other while it does not. Each job looks at the lock, takes its time, and then
 * writes under the lock's token: between the look and the write anything may happen, and nothing that a worker does can help. `--look off` does not
 * even look. Started with PORT, NAME, LOCKS and STORE in the environment.
 */
import type { Clock } from '../../core/clock.js';
import { sleep } from '../../core/clock.js';
import { readBody } from '../body.js';
import { createJsonCaller, type JsonCaller } from '../call-json.js';
import { type Address, readAddresses, readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readSwitches } from '../switches.js';
import { isHeld } from './holding.js';
import { Lock } from './lock.js';

/** Between the look at the lock and the write. */
const JOB_MS = 150;
/** Long on purpose: what is on its way for as long as this, and meanwhile the lock has gone to another, is what the store has to refuse. */
const STORE_MS_MAX = 20_000;

interface Worker {
  readonly lock: Lock;
  readonly caller: JsonCaller;
  readonly store: Address;
  readonly clock: Clock;
  readonly looks: boolean;
}

await runProgram({ name: 'worker', start });

function start({ args, env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const { look } = readSwitches(args, ['look']);
  const caller = createJsonCaller(clock, { reuse: true });
  const lock = new Lock({ name: 'job', holder: readText(env, 'NAME'), service: readAddresses(env, 'LOCKS')[0], caller, clock, log });
  const worker: Worker = { lock, caller, store: readAddresses(env, 'STORE')[0], clock, looks: look };
  const server = createJsonServer((asked) => serve(worker, asked));
  return listen(server, readPort(env, 'PORT'), [lock, caller]);
}

async function serve(worker: Worker, { request, response, path }: Asked): Promise<void> {
  const { lock, caller, store, clock, looks } = worker;
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (path === '/role') {
    const role = isHeld(lock.holding, clock.nowMs()) ? 'holder' : 'waiting';
    return answerJson(response, 200, { role, token: lock.holding?.token });
  }
  if (!path.startsWith('/jobs/')) return answerJson(response, 404, { error: `no route ${path}` });
  if ((await readBody(request)).kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const { holding } = lock;
  if (holding === undefined || (looks && !isHeld(holding, clock.nowMs())))
    return answerJson(response, 202, { left: 'to who holds the lock' });
  await sleep(clock, JOB_MS);
  const key = path.slice('/jobs/'.length);
  const written = await caller.call(store, {
    method: 'PUT',
    path: `/orders/${key}`,
    headers: { 'x-request-id': String(request.headers['x-request-id'] ?? key), 'idempotency-key': key, 'x-epoch': String(holding.token) },
    body: {},
    answerMsMax: STORE_MS_MAX,
  });
  // Somebody else has it: what this one believes is worth nothing any more.
  if (written.status === 409) lock.lose(holding.token);
  answerJson(response, written.status === 0 ? 503 : written.status, written.body);
}
