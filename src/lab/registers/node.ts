/**
 * A node of the registers: `PUT /registers/KEY` with `x-value` writes, 200 or 503 where nobody knows; `GET` answers with `x-value`, or 404. `/replica/KEY` is what the nodes say to
 * each other, `/health` counts the writes that were told as done and are lost. `--stamps wall|hybrid` is what orders writes; `--quorum off` asks this node alone. Started with PORT, NAME and PEERS (the others' addresses).
 */
import { LabError } from '../../core/errors.js';
import { readBody } from '../body.js';
import { createJsonCaller, type JsonCaller, recordOf } from '../call-json.js';
import { type Address, readAddresses, readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readFlags, readSwitch } from '../switches.js';
import { VALUE_HEADER } from '../value-header.js';
import { type Coordinator, createCoordinator, type RegisterPeer } from './coordinator.js';
import { createHybridClock } from './hybrid-clock.js';
import { createReplica, type Replica, readVersioned } from './replica.js';

/** Shorter than callers wait, so that they hear from this node that too few answered. */
const PEER_MS_MAX = 2_000;
const STAMPS = ['wall', 'hybrid'] as const;

interface Node {
  readonly replica: Replica;
  readonly coordinator: Coordinator;
  /** Writes that were answered as done, and stand below something with a later stamp. */
  overruled: number;
}

await runProgram({ name: 'register', start });

function start({ args, env, clock }: ProgramInput): Promise<RunningProgram> {
  const name = readText(env, 'NAME');
  const flags = readFlags(args, { stamps: { type: 'string', default: 'hybrid' }, quorum: { type: 'string', default: 'on' } });
  const caller = createJsonCaller(clock, { reuse: true });
  const replica = createReplica();
  const coordinator = createCoordinator({
    name,
    replica,
    peers: readAddresses(env, 'PEERS').map((address) => createPeer(caller, address)),
    quorum: readSwitch('quorum', flags.quorum),
    hybrid: readStamps(flags.stamps) === 'hybrid' ? createHybridClock(name) : undefined,
    wallMs: () => clock.wallMs(),
  });
  const node: Node = { replica, coordinator, overruled: 0 };
  const server = createJsonServer((asked) => serve(node, asked));
  return listen(server, readPort(env, 'PORT'), [caller]);
}

function readStamps(text: string): (typeof STAMPS)[number] {
  const found = STAMPS.find((one) => one === text);
  if (found === undefined) throw new LabError('USAGE', { problem: `expected --stamps ${STAMPS.join(' or ')}, found "${text}"` });
  return found;
}

function createPeer(caller: JsonCaller, address: Address): RegisterPeer {
  const call = (method: 'GET' | 'PUT', key: string, body?: unknown) =>
    caller.call(address, { method, path: `/replica/${key}`, ...(body !== undefined && { body }), answerMsMax: PEER_MS_MAX });
  return {
    fetch: async (key) => {
      const { status, body } = await call('GET', key);
      return status === 200 ? readVersioned(body) : status === 404 ? null : undefined;
    },
    store: async (key, versioned) => (await call('PUT', key, versioned)).status === 200,
  };
}

async function serve(node: Node, asked: Asked): Promise<void> {
  const { request, response, path } = asked;
  const [, what, key = ''] = path.split('/');
  if (path === '/health') return answerJson(response, 200, { status: 'up', overruled: node.overruled });
  if (key === '' || (what !== 'registers' && what !== 'replica')) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'GET' && request.method !== 'PUT') return answerJson(response, 405, { error: 'expected GET or PUT' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  if (what === 'registers') return serveClient(node, asked, key);
  if (request.method === 'GET') {
    const known = node.replica.get(key);
    return answerJson(response, known === undefined ? 404 : 200, known ?? {});
  }
  const versioned = readVersioned(recordOf(body.bytes.toString()));
  if (versioned === undefined) return answerJson(response, 400, { error: 'expected a value with its stamp' });
  answerJson(response, 200, { isNewest: node.replica.put(key, versioned) });
}

async function serveClient(node: Node, { request, response }: Asked, key: string): Promise<void> {
  const { coordinator } = node;
  if (request.method === 'GET') {
    const read = await coordinator.read(key);
    if (read.kind === 'undecided') return answerJson(response, 503, { error: 'too few nodes answered' });
    if (read.value !== null) response.setHeader(VALUE_HEADER, read.value);
    return answerJson(response, read.value === null ? 404 : 200, {});
  }
  const value = request.headers[VALUE_HEADER];
  if (typeof value !== 'string' || value === '') return answerJson(response, 400, { error: `expected a value in ${VALUE_HEADER}` });
  const outcome = await coordinator.write(key, value);
  if (outcome === 'overruled') node.overruled += 1;
  // Whoever lets the last write win tells the other writer nothing.
  answerJson(response, outcome === 'undecided' ? 503 : 200, { outcome: outcome === 'undecided' ? outcome : 'done' });
}
