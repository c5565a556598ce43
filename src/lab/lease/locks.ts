/**
 * The lock service: `POST /locks/NAME` with `{holder}` asks for a lock, with `{token}` as well for more time. 200 with token and lease, or 409 with who
 * holds it. Started with PORT in the environment.
 */
import { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import { readBody } from '../body.js';
import { recordOf } from '../call-json.js';
import { readPort } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { runProgram } from '../program.js';
import { listen } from '../server.js';
import { createLockTable, type LockTable } from './lock-table.js';

/** Of every lock. */
const LEASE_MS = 2_500;

const askSchema = z.strictObject({ holder: z.string().min(1).max(200), token: z.int().min(1).optional() });

await runProgram({
  name: 'locks',
  start: ({ env, clock }) => {
    const table = createLockTable({ leaseMs: LEASE_MS });
    return listen(
      createJsonServer((asked) => serve(table, clock, asked)),
      readPort(env, 'PORT'),
    );
  },
});

async function serve(table: LockTable, clock: Clock, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (!path.startsWith('/locks/')) return answerJson(response, 404, { error: `no route ${path}` });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const ask = askSchema.safeParse(recordOf(body.bytes.toString()));
  if (!ask.success) return answerJson(response, 400, { error: ask.error.message });
  const { holder, token } = ask.data;
  const nowMs = clock.nowMs();
  const answer = token === undefined ? table.acquire(path, holder, nowMs) : table.renew(path, token, nowMs);
  if (answer.kind !== 'granted') return answerJson(response, answer.kind === 'held' ? 409 : 507, answer);
  response.setHeader('x-token', answer.token);
  answerJson(response, 200, { token: answer.token, leaseMs: LEASE_MS });
}
