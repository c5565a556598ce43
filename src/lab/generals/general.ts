/**
 * A general, and an honest one: traitors are made on the wire. `GET /words/ROUND/PATH` is what the last on the path told it (with no path: the commander's own
 * order), `GET /decisions/ROUND` what it does, in the header x-decision as well. Started with PORT, NAME, GENERALS (names) and PEERS (addresses of the others,
 * in that order); `--of N` is a council of the first N, `--depth` how often a word is passed on, `--signed on` makes words that nobody can forge.
 */
import { createJsonCaller } from '../call-json.js';
import { readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readCount, readFlags, readSwitch } from '../switches.js';
import { Councillor } from './councillor.js';
import { COUNCIL_BOUNDS, readMuster } from './muster.js';

const FLAGS = {
  of: { type: 'string', default: '4' },
  depth: { type: 'string', default: '1' },
  signed: { type: 'string', default: 'off' },
} as const;

await runProgram({ name: 'general', start });

function start({ args, env, clock }: ProgramInput): Promise<RunningProgram> {
  const flags = readFlags(args, FLAGS);
  const name = readText(env, 'NAME');
  const { generals, addressOf } = readMuster(env, { variable: 'PEERS', of: readCount('of', flags.of, COUNCIL_BOUNDS), me: name });
  const caller = createJsonCaller(clock, { reuse: true });
  const council = { generals, depth: readCount('depth', flags.depth, COUNCIL_BOUNDS) };
  const councillor = new Councillor({ name, council, isSigned: readSwitch('signed', flags.signed), addressOf, caller });
  const server = createJsonServer((asked) => serve(councillor, asked));
  return listen(server, readPort(env, 'PORT'), [caller]);
}

async function serve(councillor: Councillor, { response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  const [, what, round, ...by] = path.split('/');
  if (round === undefined || round === '') return answerJson(response, 404, { error: `no route ${path}` });
  if (what === 'words') {
    const word = await councillor.tell(round, by);
    return answerJson(response, word === undefined ? 404 : 200, word ?? { error: `nothing was said of ${by.join(', ')}` });
  }
  if (what !== 'decisions') return answerJson(response, 404, { error: `no route ${path}` });
  const decision = await councillor.decide(round);
  response.setHeader('x-decision', decision);
  answerJson(response, 200, { decision });
}
