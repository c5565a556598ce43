/**
 * The api: takes orders and hands them to whoever leads. `GET /leaders` counts who says that it leads, which has to be one. Started with PORT, ORDERS
 * (addresses) and MEMBERS (their names) in the environment; `--breaker off` takes its breaker away.
 */
import { randomUUID } from 'node:crypto';
import { readBody } from '../body.js';
import { createJsonCaller, type JsonCaller } from '../call-json.js';
import { type Address, readMembers, readPort } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { LeaderClient } from '../leader-client.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readSwitches } from '../switches.js';

const ROLE_MS_MAX = 1_000;

interface Api {
  readonly members: ReadonlyMap<string, Address>;
  readonly caller: JsonCaller;
  readonly client: LeaderClient;
}

await runProgram({ name: 'api', start });

function start({ args, env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const members = readMembers(env, { names: 'MEMBERS', addresses: 'ORDERS' });
  const caller = createJsonCaller(clock, { reuse: true });
  const api: Api = { members, caller, client: new LeaderClient({ ...readSwitches(args, ['breaker']), members, caller, log }) };
  const server = createJsonServer((asked) => serve(api, asked));
  return listen(server, readPort(env, 'PORT'), [api.client, caller]);
}

async function serve(api: Api, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (path === '/leaders') return answerJson(response, 200, { leaders: await countLeaders(api) });
  if (path === '/ready') return answerJson(response, (await countLeaders(api)) === 1 ? 200 : 503, {});
  if (!path.startsWith('/orders/')) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'PUT') return answerJson(response, 405, { error: 'expected PUT' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const requestId = String(request.headers['x-request-id'] ?? randomUUID());
  const headers = { 'x-request-id': requestId, 'idempotency-key': String(request.headers['idempotency-key'] ?? requestId) };
  const answer = await api.client.ask({ method: 'PUT', path, headers, body: {} });
  answerJson(response, answer.status, answer.body);
}

async function countLeaders({ members, caller }: Api): Promise<number> {
  const answers = await Promise.all(
    [...members.values()].map((member) => caller.call(member, { method: 'GET', path: '/role', answerMsMax: ROLE_MS_MAX })),
  );
  return answers.filter(({ body }) => body['role'] === 'leader').length;
}
