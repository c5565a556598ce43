/**
 * The till: `POST /sales/KEY` has a sale charged by payments, and tries again what is not answered in time, always with the same idempotency key; it cannot
 * know whether a charge that was not answered was made. `GET /audit` holds what customers were told against the books. Started with PORT and PAYMENTS.
 */
import { readBody } from '../body.js';
import { createJsonCaller, type JsonCaller } from '../call-json.js';
import { type Address, readAddresses, readPort } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { audit } from './books.js';

interface Till {
  readonly payments: Address;
  readonly caller: JsonCaller;
  /** Keys whose customers were told that they have paid; a sale that finds it full is refused. */
  readonly acknowledged: Set<string>;
}

const PREFIX = '/sales/';
const ANSWER_MS_MAX = 1_000;
const ATTEMPTS_MAX = 4;
const SALES_MAX = 100_000;
const AMOUNT = 42;

await runProgram({ name: 'till', start });

function start({ env, clock }: ProgramInput): Promise<RunningProgram> {
  const caller = createJsonCaller(clock, { reuse: true });
  const till: Till = { payments: readAddresses(env, 'PAYMENTS')[0], caller, acknowledged: new Set() };
  const server = createJsonServer((asked) => serve(till, asked));
  return listen(server, readPort(env, 'PORT'), [caller]);
}

async function serve(till: Till, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (path === '/audit') return answerAudit(till, response);
  if (!path.startsWith(PREFIX)) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'POST') return answerJson(response, 405, { error: 'expected POST' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  if (till.acknowledged.size >= SALES_MAX) return answerJson(response, 503, { error: `the till is full: ${SALES_MAX} sales` });
  const key = path.slice(PREFIX.length);
  const isPaid = await charge(till, key, String(request.headers['x-request-id'] ?? key));
  if (isPaid) till.acknowledged.add(key);
  answerJson(response, isPaid ? 201 : 504, { key, paid: isPaid });
}

/** Asks until it is told that the money was taken, now or before. */
async function charge({ payments, caller }: Till, key: string, requestId: string): Promise<boolean> {
  const headers = { 'x-request-id': requestId, 'idempotency-key': key };
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const call = { method: 'POST', path: `/charges/${key}`, headers, body: { amount: AMOUNT }, answerMsMax: ANSWER_MS_MAX } as const;
    const { status } = await caller.call(payments, call);
    if (status === 200 || status === 201) return true;
  }
  return false;
}

/** What was told is read first: what is charged in between is more than that, and never less. */
async function answerAudit(till: Till, response: Asked['response']): Promise<void> {
  const told = new Set(till.acknowledged);
  const counts = await readBooks(till);
  if (counts === undefined) return answerJson(response, 503, { error: 'payments do not show their books' });
  answerJson(response, 200, audit(told, counts));
}

/** In slices, because the books of thousands of sales are longer than an answer may be. Undefined where one of them is not answered. */
async function readBooks({ payments, caller }: Till): Promise<ReadonlyMap<string, number> | undefined> {
  const counts = new Map<string, number>();
  for (let from = 0; ; ) {
    const { status, body } = await caller.call(payments, { method: 'GET', path: `/books/${from}`, answerMsMax: ANSWER_MS_MAX });
    if (status !== 200) return undefined;
    const slice = Object.entries(body);
    if (slice.length === 0) return counts;
    for (const [key, count] of slice) counts.set(key, Number(count));
    from += slice.length;
  }
}
