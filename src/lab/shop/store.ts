/**
 * The store of the shop: `PUT /records/KEY` keeps an order's state, `GET` tells it. Started with PORT and NAME in the environment, and with DATA, a folder,
 * where records are to outlive the process; with the switches of its capacity. What keeps the records stands in its first line and in `/health`: SQLite, a log
 * where there is none, or memory.
 */
import { sleep } from '../../core/clock.js';
import { readBody } from '../body.js';
import { recordOf } from '../call-json.js';
import { readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { leaving } from '../leaving.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readFlags } from '../switches.js';
import { CAPACITY_FLAGS, type Capacity, readCapacity } from './capacity.js';
import { type OpenedRecords, openRecords } from './records.js';

interface Store extends OpenedRecords {
  readonly name: string;
  readonly capacity: Capacity;
  readonly clock: ProgramInput['clock'];
}

const PREFIX = '/records/';

await runProgram({ name: 'store', start });

async function start({ args, env, clock, die }: ProgramInput): Promise<RunningProgram> {
  const capacity = readCapacity(readFlags(args, CAPACITY_FLAGS), { clock, die });
  const store: Store = { name: readText(env, 'NAME'), ...(await openRecords(env['DATA'])), capacity, clock };
  const server = createJsonServer((asked) => serve(store, asked));
  return { ...(await listen(server, readPort(env, 'PORT'), [store.records])), about: store.engine };
}

async function serve({ name, records, engine, capacity, clock }: Store, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { instance: name, records: records.size, engine: engine.engine });
  if (!path.startsWith(PREFIX)) return answerJson(response, 404, { error: `no route ${path}` });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const key = path.slice(PREFIX.length);
  const isWrite = request.method === 'PUT';
  const worked = await capacity.work(async () => {
    await sleep(clock, capacity.timeMs(key));
    if (isWrite) await records.put(key, String(recordOf(body.bytes.toString())['state']));
    return records.get(key);
  }, leaving(response));
  if (worked.kind === 'refused') return answerJson(response, 503, { instance: name, error: `turned away: ${worked.why}` });
  const state = worked.value;
  if (state === undefined) return answerJson(response, 404, { instance: name, error: `no record ${key}` });
  answerJson(response, isWrite ? 201 : 200, { instance: name, key, state });
}
