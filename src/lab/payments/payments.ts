/**
 * Payments: `POST /charges/KEY` takes the money, 201; with an idempotency key that is known it takes nothing and says what it did then, 200, and 422 where
 * the key stands for another amount. `GET /books` says how often each was charged. `--idempotency off` takes the money each time. Started with PORT and NAME.
 */
import { type Clock, sleep } from '../../core/clock.js';
import { readBody } from '../body.js';
import { recordOf } from '../call-json.js';
import { readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { runProgram } from '../program.js';
import { listen } from '../server.js';
import { readSwitches } from '../switches.js';
import { type Books, createBooks } from './books.js';
import { createOnce, type Once, type Outcome } from './once.js';

/** Long enough for a second request of the same key to come while the first is at work. */
const CHARGE_MS = 20;
const KEYS_MAX = 100_000;
const PREFIX = '/charges/';

interface Payments {
  readonly name: string;
  readonly books: Books;
  /** Left out: keys are not looked at. */
  readonly once?: Once<Charge>;
  readonly clock: Clock;
}

interface Charge {
  readonly amount: number;
}

const STATUS = { done: 201, known: 200, conflict: 422 } as const satisfies Record<Outcome<Charge>['kind'], number>;

await runProgram({
  name: 'payments',
  start: ({ args, env, clock }) => {
    const { idempotency } = readSwitches(args, ['idempotency']);
    const books = createBooks();
    const payments: Payments = {
      name: readText(env, 'NAME'),
      books,
      clock,
      ...(idempotency && { once: createOnce({ keysMax: KEYS_MAX }) }),
    };
    return listen(
      createJsonServer((asked) => serve(payments, asked)),
      readPort(env, 'PORT'),
    );
  },
});

async function serve(payments: Payments, { request, response, path }: Asked): Promise<void> {
  const { name, books, once } = payments;
  if (path === '/health') return answerJson(response, 200, { instance: name, status: 'up' });
  if (path === '/books') return answerJson(response, 200, Object.fromEntries(books.counts()));
  if (!path.startsWith(PREFIX)) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'POST') return answerJson(response, 405, { error: 'expected POST' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const amount = Number(recordOf(body.bytes.toString())['amount']);
  if (!Number.isSafeInteger(amount) || amount < 1) return answerJson(response, 400, { error: 'expected a whole amount from 1' });
  const key = path.slice(PREFIX.length);
  const work = (): Promise<Charge> => charge(payments, key, amount);
  const token = request.headers['idempotency-key'];
  const outcome = once === undefined || token === undefined ? await always(work) : await once.run(String(token), `${key} ${amount}`, work);
  answerJson(response, STATUS[outcome.kind], { instance: name, key, ...(outcome.kind !== 'conflict' && outcome.value) });
}

async function always(work: () => Promise<Charge>): Promise<Outcome<Charge>> {
  return { kind: 'done', value: await work() };
}

async function charge({ books, clock }: Payments, key: string, amount: number): Promise<Charge> {
  await sleep(clock, CHARGE_MS);
  books.charge(key);
  return { amount };
}
