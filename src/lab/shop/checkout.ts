/**
 * The checkout: `POST /pay/KEY` is a payment by one of many payments instances. Started with PORT, NAME and PAYMENTS in the environment;
 * `--ejection off` and `--restraint off` take its defences away.
 */
import { randomUUID } from 'node:crypto';
import { reasonOf } from '../../core/errors.js';
import { readBody } from '../body.js';
import { readAddresses, readPort, readText } from '../environment.js';
import { every } from '../every.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readSwitches } from '../switches.js';
import { PaymentsPool } from './payments-pool.js';

const HEALTH_PERIOD_MS = 1_000;

await runProgram({ name: 'checkout', start });

function start({ args, env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const switches = readSwitches(args, ['ejection', 'restraint']);
  const name = readText(env, 'NAME');
  const pool = new PaymentsPool({ ...switches, name, hosts: readAddresses(env, 'PAYMENTS'), clock, log });
  const server = createJsonServer((asked) => serve(pool, asked));
  const checks = every(
    clock,
    HEALTH_PERIOD_MS,
    () => pool.checkHealth(),
    (error) => log({ event: 'health', error: reasonOf(error) }),
  );
  return listen(server, readPort(env, 'PORT'), [checks, pool]);
}

async function serve(pool: PaymentsPool, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (!path.startsWith('/pay/')) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'POST') return answerJson(response, 405, { error: 'expected POST' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const answer = await pool.pay({
    path,
    body: body.bytes,
    contentType: request.headers['content-type'] ?? 'application/octet-stream',
    requestId: String(request.headers['x-request-id'] ?? randomUUID()),
  });
  answerJson(response, answer.status, answer.body);
}
