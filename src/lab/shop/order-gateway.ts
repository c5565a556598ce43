/**
 * The shop's door for orders: hands `/orders/KEY` to the orders behind it, within `--answer-ms`, and tries again up to `--attempts` times; `--budget off`
 * takes the restraint from that. A door of its own beside `gateway.ts`, which relays stock and payments and never repeats anything. Started with PORT
 * and ORDERS in the environment.
 */
import { randomUUID } from 'node:crypto';
import { readBody } from '../body.js';
import { createJsonCaller } from '../call-json.js';
import { readAddresses, readPort } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { leaving } from '../leaving.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readCount, readFlags, readSwitch } from '../switches.js';
import { type Ask, createDependency, type Dependency, isFailure } from './dependency.js';

const FLAGS = {
  'answer-ms': { type: 'string', default: '1000' },
  attempts: { type: 'string', default: '4' },
  budget: { type: 'string', default: 'on' },
} as const;

await runProgram({ name: 'order-gateway', start });

function start({ args, env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const flags = readFlags(args, FLAGS);
  const caller = createJsonCaller(clock, { reuse: true });
  const orders = createDependency({
    name: 'orders',
    hosts: readAddresses(env, 'ORDERS'),
    caller,
    answerMsMax: readCount('answer-ms', flags['answer-ms']),
    attemptsMax: readCount('attempts', flags.attempts),
    restraint: readSwitch('budget', flags.budget),
    clock,
    log,
  });
  const server = createJsonServer((asked) => serve(orders, asked));
  return listen(server, readPort(env, 'PORT'), [caller]);
}

async function serve(orders: Dependency, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (!path.startsWith('/orders/')) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'GET' && request.method !== 'POST') return answerJson(response, 405, { error: 'expected GET or POST' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const headers = { 'x-request-id': String(request.headers['x-request-id'] ?? randomUUID()) };
  const ask: Ask = { method: request.method, path, headers, ...(request.method === 'POST' && { body: {} }) };
  const answer = await orders.call(ask, leaving(response));
  const status = answer.status === 0 ? 504 : answer.status;
  answerJson(response, status, isFailure(answer) ? { error: 'orders', ...answer.body } : answer.body);
}
