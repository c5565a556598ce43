/**
 * The store: keeps orders, and is the last to know who may write. `PUT /orders/KEY` is 201 when it was done now, 200 when its idempotency key is known,
 * 409 when its epoch is older than one that was accepted. `--fencing off` and `--idempotency off` take that away. Started with PORT and NAME.
 */
import { readBody } from '../body.js';
import { readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { runProgram } from '../program.js';
import { listen } from '../server.js';
import { readSwitches } from '../switches.js';
import { createLedger, type Ledger } from './ledger.js';

await runProgram({
  name: 'store',
  start: ({ args, env }) => {
    const name = readText(env, 'NAME');
    const ledger = createLedger(readSwitches(args, ['fencing', 'idempotency']));
    return listen(
      createJsonServer((asked) => serve(name, ledger, asked)),
      readPort(env, 'PORT'),
    );
  },
});

async function serve(name: string, ledger: Ledger, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { instance: name, ...ledger.standing() });
  if (!path.startsWith('/orders/')) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'PUT') return answerJson(response, 405, { error: 'expected PUT' });
  const epoch = Number(request.headers['x-epoch']);
  if (!Number.isSafeInteger(epoch) || epoch < 1) return answerJson(response, 400, { error: 'expected a whole number from 1 in x-epoch' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const key = String(request.headers['idempotency-key'] ?? path);
  const { status, ...rest } = ledger.write({ key, epoch });
  answerJson(response, status, { instance: name, ...rest });
}
