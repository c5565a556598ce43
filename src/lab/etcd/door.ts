/**
 * A door to etcd for callers that speak of registers: `PUT /registers/KEY` with `x-value` puts, `GET` answers with `x-value`, or 404. Each door asks the member of its
 * own number alone, as a client beside it would. `--reads local` takes what that member has (etcd calls it serializable), and not what most of them have
 * agreed on. Started with PORT, NAME (like door-2) and ETCD (addresses of the members).
 */
import { LabError } from '../../core/errors.js';
import { createJsonCaller, type JsonCaller } from '../call-json.js';
import { type Address, readAddresses, readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readFlags } from '../switches.js';
import { VALUE_HEADER } from '../value-header.js';
import { putOf, rangeOf, valueIn } from './gateway-json.js';

/** Longer than any pause of the lab: who waits for a member that stands still is answered when it wakes up, and not before. */
const ANSWER_MS_MAX = 15_000;

interface Door {
  readonly member: Address;
  readonly caller: JsonCaller;
  readonly isLocal: boolean;
}

await runProgram({ name: 'door', start });

function start({ args, env, clock }: ProgramInput): Promise<RunningProgram> {
  const { reads } = readFlags(args, { reads: { type: 'string', default: 'agreed' } });
  if (reads !== 'agreed' && reads !== 'local')
    throw new LabError('USAGE', { problem: `expected --reads agreed or local, found "${reads}"` });
  const caller = createJsonCaller(clock, { reuse: true });
  const door = { member: memberOf(readText(env, 'NAME'), readAddresses(env, 'ETCD')), caller, isLocal: reads === 'local' };
  const server = createJsonServer((asked) => serve(door, asked));
  return listen(server, readPort(env, 'PORT'), [caller]);
}

/** Throws USAGE. */
function memberOf(name: string, members: readonly Address[]): Address {
  const member = members[Number(/-(\d{1,3})$/.exec(name)?.[1]) - 1];
  if (member === undefined)
    throw new LabError('USAGE', { problem: `expected NAME to end in a number from 1 to ${members.length}, found "${name}"` });
  return member;
}

async function serve({ member, caller, isLocal }: Door, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  const [, what, key = ''] = path.split('/');
  if (what !== 'registers' || key === '') return answerJson(response, 404, { error: `no route ${path}` });
  const ask = (call: { path: string; body: unknown }) => caller.call(member, { method: 'POST', answerMsMax: ANSWER_MS_MAX, ...call });
  if (request.method === 'PUT') {
    const { status } = await ask(putOf(key, String(request.headers[VALUE_HEADER] ?? '')));
    return answerJson(response, status === 200 ? 200 : 503, {});
  }
  const { status, body } = await ask(rangeOf(key, isLocal));
  if (status !== 200) return answerJson(response, 503, { error: 'the member did not answer' });
  const value = valueIn(body);
  if (value !== undefined) response.setHeader(VALUE_HEADER, value);
  answerJson(response, value === undefined ? 404 : 200, { key, value });
}
