/**
 * The battlefield: `POST /rounds/ROUND` asks each general of the council what it does, and answers what they said; `GET /unity` says in how many rounds those who
 * are commanded did not do the same. It judges nobody: whether they agree is seen on the links that lead from here. Started with PORT, GENERALS (names) and COUNCIL (their addresses); `--of N` asks the first N.
 */
import { createJsonCaller, type JsonCaller } from '../call-json.js';
import { readPort } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readCount, readFlags } from '../switches.js';
import { COUNCIL_BOUNDS, type Muster, readMuster } from './muster.js';
import { type Unity, united, unityAfter } from './unity.js';

/** Longer than generals wait for each other. */
const DECISION_MS_MAX = 4_000;

interface Field {
  readonly muster: Muster;
  readonly caller: JsonCaller;
  unity: Unity;
}

await runProgram({ name: 'field', start });

function start({ args, env, clock }: ProgramInput): Promise<RunningProgram> {
  const { of } = readFlags(args, { of: { type: 'string', default: '4' } });
  const muster = readMuster(env, { variable: 'COUNCIL', of: readCount('of', of, COUNCIL_BOUNDS) });
  const caller = createJsonCaller(clock, { reuse: true });
  const field: Field = { muster, caller, unity: united };
  const server = createJsonServer((asked) => serve(field, asked));
  return listen(server, readPort(env, 'PORT'), [caller]);
}

async function serve(field: Field, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (path === '/unity') return answerJson(response, 200, field.unity);
  const [, what, round] = path.split('/');
  if (what !== 'rounds' || round === undefined || round === '') return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'POST') return answerJson(response, 405, { error: 'expected POST' });
  const decisions = await Promise.all(field.muster.generals.map((general) => ask(field, { general, round })));
  field.unity = unityAfter(field.unity, decisions);
  const isWhole = decisions.every(([, decision]) => decision !== null);
  answerJson(response, isWhole ? 200 : 504, { round, decisions: Object.fromEntries(decisions) });
}

type Decision = readonly [general: string, decision: unknown];

async function ask({ muster, caller }: Field, { general, round }: { general: string; round: string }): Promise<Decision> {
  const address = muster.addressOf(general);
  if (address === undefined) return [general, null];
  const call = { method: 'GET', path: `/decisions/${round}`, headers: { 'x-round': round }, answerMsMax: DECISION_MS_MAX } as const;
  const { status, body } = await caller.call(address, call);
  return [general, status === 200 ? body['decision'] : null];
}
