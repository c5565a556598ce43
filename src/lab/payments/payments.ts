/**
 * Payments: `POST /charges/KEY` takes the money, 201; with an idempotency key that is known it takes nothing and says what it did then, 200, and 422 where
 * the key stands for another amount. `GET /books/N` says how often each was charged, from the Nth on, as many as an answer may hold. `--idempotency off`
 * takes the money each time, `--durable off` keeps the books in memory alone, although there is a folder for them. Started with PORT and NAME, and with DATA
 * where there is one.
 */
import { type Clock, sleep } from '../../core/clock.js';
import { readBody } from '../body.js';
import { recordOf } from '../call-json.js';
import { readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { RecordLog } from '../record-log.js';
import { listen } from '../server.js';
import { readSwitches } from '../switches.js';
import { type Books, type Charge, createBooks, sliceOf } from './books.js';
import { createOnce, type Once, type Outcome } from './once.js';

/** Long enough for a second request of the same key to come while the first is at work. */
const CHARGE_MS = 20;
const KEYS_MAX = 100_000;
const PREFIX = '/charges/';
const BOOKS = /^\/books\/(?<from>\d{1,9})$/;

interface Payments {
  readonly name: string;
  readonly books: Books;
  /** Left out: keys are not looked at. */
  readonly once?: Once<Charged>;
  readonly clock: Clock;
}

interface Charged {
  readonly amount: number;
}

const STATUS = { done: 201, known: 200, conflict: 422 } as const satisfies Record<Outcome<Charged>['kind'], number>;

await runProgram({ name: 'payments', start });

async function start({ args, env, clock }: ProgramInput): Promise<RunningProgram> {
  const { idempotency, durable } = readSwitches(args, ['idempotency', 'durable']);
  const log = await RecordLog.open(durable ? env['DATA'] : undefined);
  const books = createBooks(log);
  const payments: Payments = { name: readText(env, 'NAME'), books, clock, ...(idempotency && { once: onceAsIn(books) }) };
  const server = createJsonServer((asked) => serve(payments, asked));
  return listen(server, readPort(env, 'PORT'), [log]);
}

/** Who forgets with his process what he has done would do it again when he is asked again. */
function onceAsIn(books: Books): Once<Charged> {
  const done = books
    .charges()
    .flatMap(({ key, amount, token }) => (token === undefined ? [] : [{ key: token, about: aboutOf(key, amount), value: { amount } }]));
  return createOnce({ keysMax: KEYS_MAX, done });
}

function aboutOf(key: string, amount: number): string {
  return `${key} ${amount}`;
}

async function serve(payments: Payments, { request, response, path }: Asked): Promise<void> {
  const { name, books, once } = payments;
  if (path === '/health') return answerJson(response, 200, { instance: name, status: 'up' });
  const from = BOOKS.exec(path)?.groups?.['from'];
  if (from !== undefined) return answerJson(response, 200, sliceOf(books.counts(), Number(from)));
  if (!path.startsWith(PREFIX)) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'POST') return answerJson(response, 405, { error: 'expected POST' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const amount = Number(recordOf(body.bytes.toString())['amount']);
  if (!Number.isSafeInteger(amount) || amount < 1) return answerJson(response, 400, { error: 'expected a whole amount from 1' });
  const key = path.slice(PREFIX.length);
  const token = request.headers['idempotency-key']?.toString();
  const work = (): Promise<Charged> => charge(payments, { key, amount, token });
  const outcome = once === undefined || token === undefined ? await always(work) : await once.run(token, aboutOf(key, amount), work);
  answerJson(response, STATUS[outcome.kind], { instance: name, key, ...(outcome.kind !== 'conflict' && outcome.value) });
}

async function always(work: () => Promise<Charged>): Promise<Outcome<Charged>> {
  return { kind: 'done', value: await work() };
}

async function charge({ books, clock }: Payments, what: Charge): Promise<Charged> {
  await sleep(clock, CHARGE_MS);
  await books.charge(what);
  return { amount: what.amount };
}
