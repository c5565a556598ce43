/**
 * One of the quorum: an item is written by the leader, when a majority has it, and read from the leader. The others name it (421 and `x-leader`).
 * `PUT /items/KEY` with `x-value`, `GET /items/KEY`; every answer says its term. `--pre-vote off`, `--lease-check off`, `--fencing off` and
 * `--majority off` take a defence away; `--quorum-reads off` reads by the lease alone. Started with PORT, NAME, PEERS and MEMBERS in the environment.
 */
import type { ServerResponse } from 'node:http';
import { readBody } from '../body.js';
import { LEADER_HEADER, recordOf } from '../call-json.js';
import { readMembers, readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readSwitches } from '../switches.js';
import { VALUE_HEADER } from '../value-header.js';
import { audit, auditSchema } from './audit.js';
import { valueIn } from './log.js';
import { askSchema, TEXT_CHARACTERS_MAX } from './messages.js';
import { Node, TERM_HEADER } from './node.js';

const WRITE_MS_MAX = 1_500;
const READ_MS_MAX = 1_000;

interface Quorum {
  readonly node: Node;
  readonly readsBy: 'lease' | 'majority';
}

await runProgram({ name: 'quorum', start });

function start({ args, env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const switches = readSwitches(args, ['pre-vote', 'lease-check', 'fencing', 'majority', 'quorum-reads']);
  const rules = {
    preVote: switches['pre-vote'],
    leaseCheck: switches['lease-check'],
    fencing: switches.fencing,
    majority: switches.majority,
  };
  const name = readText(env, 'NAME');
  const peers = readMembers(env, { names: 'MEMBERS', addresses: 'PEERS', without: name });
  const quorum: Quorum = {
    node: new Node({ name, peers, rules, clock, log }),
    readsBy: switches['quorum-reads'] ? 'majority' : 'lease',
  };
  const server = createJsonServer((asked) => serve(quorum, asked));
  return listen(server, readPort(env, 'PORT'), [quorum.node]);
}

async function serve(quorum: Quorum, asked: Asked): Promise<void> {
  const { request, response, path } = asked;
  const { node } = quorum;
  if (path === '/health' || path === '/role') return answerJson(response, 200, { status: 'up', ...node.standing() });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const said = recordOf(body.bytes.toString());
  if (request.method === 'POST') return answerPeer(node, asked, said);
  const key = path.startsWith('/items/') ? path.slice('/items/'.length) : '';
  if (key === '' || key.length > TEXT_CHARACTERS_MAX) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method === 'GET') return read(quorum, key, response);
  if (request.method !== 'PUT') return answerJson(response, 405, { error: 'expected GET or PUT' });
  const value = String(request.headers[VALUE_HEADER] ?? '');
  if (value === '' || value.length > TEXT_CHARACTERS_MAX)
    return answerJson(response, 400, { error: `expected 1 to ${TEXT_CHARACTERS_MAX} characters in ${VALUE_HEADER}` });
  return write(node, { key, value }, response);
}

function answerPeer(node: Node, { response, path }: Asked, said: Readonly<Record<string, unknown>>): void {
  const asked = path === '/audit' ? auditSchema.safeParse(said) : askSchema.safeParse(said);
  if (!asked.success) answerJson(response, 400, { error: asked.error.message });
  else if ('items' in asked.data) answerJson(response, 200, audit(node.member, asked.data));
  else {
    const reply = node.answer(asked.data);
    answerJson(response, reply.isGranted ? 200 : 409, reply);
  }
}

async function write(node: Node, item: { key: string; value: string }, response: ServerResponse): Promise<void> {
  const written = await node.write(item, WRITE_MS_MAX);
  if (written.kind === 'notLed') return answerElsewhere(node, response);
  if (written.kind === 'unknown') return answerJson(response, 504, { error: 'nobody knows whether it is written' });
  response.setHeader(TERM_HEADER, written.term);
  answerJson(response, 200, { term: written.term });
}

async function read({ node, readsBy }: Quorum, key: string, response: ServerResponse): Promise<void> {
  if (!(await node.mayRead(readsBy, READ_MS_MAX))) return answerElsewhere(node, response);
  const { log, committed, term } = node.member;
  const value = valueIn(log, committed, key);
  response.setHeader(TERM_HEADER, term);
  if (value === undefined) return answerJson(response, 404, { term });
  response.setHeader(VALUE_HEADER, value);
  answerJson(response, 200, { term, value });
}

function answerElsewhere(node: Node, response: ServerResponse): void {
  const { leader, role } = node.standing();
  const isElsewhere = role === 'follower' && leader !== undefined;
  if (isElsewhere) response.setHeader(LEADER_HEADER, leader);
  answerJson(response, isElsewhere ? 421 : 503, { leader });
}
