/**
 * A watcher of one heart: `POST /beats` is a heartbeat of it (`{life, sequence}`), `GET /opinions` is what each detector makes of them, all on the same heartbeats.
 * Started with PORT; `--timeouts 300ms,1s,3s` are those of fixed time-outs, and `--phi 8` is the threshold of a phi accrual detector beside them.
 */
import { readBody } from '../body.js';
import { recordOf } from '../call-json.js';
import { readPort } from '../environment.js';
import { every } from '../every.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readCount, readFlags } from '../switches.js';
import { type Candidates, createTally, opinionText, type Tally } from './tally.js';

const LOOK_EVERY_MS = 50;

await runProgram({ name: 'watcher', start });

function start({ args, env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const flags = readFlags(args, { timeouts: { type: 'string', default: '300ms,1s,3s' }, phi: { type: 'string', default: '8' } });
  const nowMs = (): number => clock.nowMs();
  const tally = createTally(candidatesOf(flags), nowMs());
  const looks = every(
    clock,
    LOOK_EVERY_MS,
    async () => tally.look(nowMs()),
    (error) => log({ event: 'look', error: String(error) }),
  );
  const server = createJsonServer((asked) => serve(tally, asked, nowMs));
  return listen(server, readPort(env, 'PORT'), [looks]);
}

/** Throws on what is no duration and no count. */
function candidatesOf({ timeouts, phi }: { timeouts: string; phi: string }): Candidates {
  const fixed = timeouts.split(',').map((timeout) => [timeout, { detector: 'fixedTimeout', params: { timeout } }] as const);
  const accrual = { threshold: readCount('phi', phi), interval: '100ms', deviationMin: '30ms' };
  return { ...Object.fromEntries(fixed), phi: { detector: 'phiAccrual', params: accrual } };
}

async function serve(tally: Tally, { request, response, path }: Asked, nowMs: () => number): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (path === '/opinions') {
    tally.look(nowMs());
    return answerJson(response, 200, Object.fromEntries([...tally.opinions()].map(([name, opinion]) => [name, opinionText(opinion)])));
  }
  if (path !== '/beats') return answerJson(response, 404, { error: `no route ${path}` });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const { life, sequence } = recordOf(body.bytes.toString());
  if (typeof life !== 'string' || typeof sequence !== 'number') return answerJson(response, 400, { error: 'expected life and sequence' });
  tally.hear({ life, sequence }, nowMs());
  answerJson(response, 200, {});
}
