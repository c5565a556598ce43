/**
 * A desk in front of the quorum: hands items to whoever leads, and remembers what it was told is written. `GET /audit` asks each member for all of
 * that: `lost` is what the leader does not have, `differing` are the members that lack any of it or do not answer. Started with PORT, QUORUM (addresses)
 * and MEMBERS (their names) in the environment.
 */

import type { Clock } from '../../core/clock.js';
import { readBody } from '../body.js';
import { createJsonCaller, type JsonCaller } from '../call-json.js';
import { type Address, readMembers, readPort } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { LeaderClient } from '../leader-client.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { VALUE_HEADER } from '../value-header.js';
import { Acknowledged } from './acknowledged.js';
import { AUDITED_MAX } from './audit.js';
import { Lookout } from './lookout.js';

const AUDIT_MS_MAX = 1_500;

interface Desk {
  readonly members: ReadonlyMap<string, Address>;
  readonly caller: JsonCaller;
  readonly client: LeaderClient;
  readonly lookout: Lookout;
  readonly acknowledged: Acknowledged;
  readonly clock: Clock;
}

await runProgram({ name: 'desk', start });

function start({ env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const members = readMembers(env, { names: 'MEMBERS', addresses: 'QUORUM' });
  // A connection for each call, so that a partition cuts the way to a member from its first moment on.
  const caller = createJsonCaller(clock, { reuse: false });
  const client = new LeaderClient({ breaker: false, members, caller, log });
  const desk: Desk = { members, caller, client, lookout: new Lookout({ members, caller, clock }), acknowledged: new Acknowledged(), clock };
  const server = createJsonServer((asked) => serve(desk, asked));
  return listen(server, readPort(env, 'PORT'), [desk.lookout, client, caller]);
}

async function serve(desk: Desk, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (path === '/ready') return answerJson(response, desk.lookout.leaders().length > 0 ? 200 : 503, {});
  if (path === '/leaders') return answerJson(response, 200, { leaders: desk.lookout.leaders() });
  if (path === '/audit') return answerJson(response, 200, await audit(desk));
  if (!path.startsWith('/items/')) return answerJson(response, 404, { error: `no route ${path}` });
  const { method } = request;
  if (method !== 'PUT' && method !== 'GET') return answerJson(response, 405, { error: 'expected GET or PUT' });
  if ((await readBody(request)).kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const value = String(request.headers[VALUE_HEADER] ?? '');
  const headers = { 'x-request-id': String(request.headers['x-request-id'] ?? ''), ...(method === 'PUT' && { [VALUE_HEADER]: value }) };
  const answer = await desk.client.ask({ method, path, headers });
  if (method === 'PUT' && answer.status === 200) desk.acknowledged.add({ key: path.slice('/items/'.length), value }, desk.clock.nowMs());
  if (typeof answer.body['value'] === 'string') response.setHeader(VALUE_HEADER, answer.body['value']);
  answerJson(response, answer.status, answer.body);
}

interface Audited {
  readonly acknowledged: number;
  /** Null where nobody leads who could be asked. */
  readonly lost: number | null;
  readonly differing: number;
}

async function audit({ members, caller, acknowledged, clock }: Desk): Promise<Audited> {
  const items = acknowledged.settled(clock.nowMs()).map(({ key, value }) => [key, value] as const);
  const answers = await Promise.all([...members.values()].map((member) => missingAt(member, items, caller)));
  const ofLeaders = answers.flatMap((answer) => (answer?.isLeader === true ? [answer.missing] : []));
  return {
    acknowledged: items.length,
    lost: ofLeaders.length === 0 ? null : Math.max(...ofLeaders),
    differing: answers.filter((answer) => answer?.missing !== 0).length,
  };
}

/** Undefined if it did not answer. */
async function missingAt(
  member: Address,
  items: readonly (readonly [string, string])[],
  caller: JsonCaller,
): Promise<{ missing: number; isLeader: boolean } | undefined> {
  let [missing, isLeader] = [0, false];
  for (let from = 0; from === 0 || from < items.length; from += AUDITED_MAX) {
    const body = { items: items.slice(from, from + AUDITED_MAX) };
    const answer = await caller.call(member, { method: 'POST', path: '/audit', body, answerMsMax: AUDIT_MS_MAX });
    if (answer.status !== 200) return undefined;
    missing += Number(answer.body['missing']);
    isLeader = answer.body['isLeader'] === true;
  }
  return { missing, isLeader };
}
