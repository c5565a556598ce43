/**
 * One of the orders: the leader writes to the store under its term as the epoch, the others name the leader (421 and `x-leader`). A write that is not
 * answered in time is sent again with the same idempotency key. Started with PORT, NAME, PEERS and STORE in the environment.
 */
import type { ServerResponse } from 'node:http';
import { readBody } from '../body.js';
import { createJsonCaller, type JsonCaller, LEADER_HEADER, recordOf } from '../call-json.js';
import { type Address, readAddresses, readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { Electorate } from './electorate.js';

/** Long on purpose: a leader that waits for its write, and meanwhile leads no more, is whom the store has to refuse. */
const STORE_MS_MAX = 20_000;
const ATTEMPTS_MAX = 3;

interface Orders {
  readonly electorate: Electorate;
  readonly caller: JsonCaller;
  readonly store: Address;
}

await runProgram({ name: 'orders', start });

function start({ env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const peersCaller = createJsonCaller(clock, { reuse: false });
  const orders: Orders = {
    electorate: new Electorate({ name: readText(env, 'NAME'), peers: readAddresses(env, 'PEERS'), caller: peersCaller, clock, log }),
    caller: createJsonCaller(clock, { reuse: true }),
    store: readAddresses(env, 'STORE')[0],
  };
  const server = createJsonServer((asked) => serve(orders, asked));
  return listen(server, readPort(env, 'PORT'), [orders.electorate, peersCaller, orders.caller]);
}

async function serve(orders: Orders, asked: Asked): Promise<void> {
  const { request, response, path } = asked;
  const { electorate } = orders;
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (path === '/role') return answerJson(response, 200, electorate.standing());
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  if (path.startsWith('/orders/') && request.method === 'PUT') return order(orders, asked);
  const said = recordOf(body.bytes.toString());
  const [term, from] = [Number(said['term']), String(said['from'])];
  if (path === '/vote') return answerJson(response, 200, { granted: electorate.asked(term) });
  if (path !== '/beat') return answerJson(response, 404, { error: `no route ${path}` });
  answerJson(response, 200, { heard: electorate.heard({ term, from, role: String(said['role']) }) });
}

async function order({ electorate, caller, store }: Orders, { request, response, path }: Asked): Promise<void> {
  const headers = {
    'x-request-id': String(request.headers['x-request-id'] ?? path),
    'idempotency-key': String(request.headers['idempotency-key'] ?? path),
  };
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    // Asked anew each time: the lease may be over since the last attempt.
    const { role, term, leader } = electorate.standing();
    if (role !== 'leader') return answerElsewhere(response, leader);
    const written = await caller.call(store, {
      method: 'PUT',
      path,
      headers: { ...headers, 'x-epoch': String(term) },
      body: {},
      answerMsMax: STORE_MS_MAX,
    });
    if (written.status === 200 || written.status === 201) return answerJson(response, written.status, { ...written.body, term });
  }
  answerJson(response, 503, { error: `the store did not take it in ${ATTEMPTS_MAX} attempts` });
}

function answerElsewhere(response: ServerResponse, leader: string | undefined): void {
  if (leader !== undefined) response.setHeader(LEADER_HEADER, leader);
  answerJson(response, leader === undefined ? 503 : 421, { leader });
}
