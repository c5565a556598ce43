/**
 * The queue of the shop: `POST /jobs/KEY` is 202, or 503 when `--waiting N` jobs wait; `POST /take` hands out the oldest, which is at most once done, because
 * nobody asks what became of it. `--bound off` lets it take all that comes. Started with PORT and NAME in the environment.
 */
import { readBody } from '../body.js';
import { readPort, readText } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { runProgram } from '../program.js';
import { listen } from '../server.js';
import { readCount, readFlags, readSwitch } from '../switches.js';
import { createJobQueue, type JobQueue } from './job-queue.js';

/** All that its memory holds. */
const WAITING_MAX = 1_000_000;
const PREFIX = '/jobs/';
const FLAGS = { waiting: { type: 'string', default: '50' }, bound: { type: 'string', default: 'on' } } as const;

await runProgram({
  name: 'queue',
  start: ({ args, env }) => {
    const flags = readFlags(args, FLAGS);
    const waitingMax = readSwitch('bound', flags.bound) ? readCount('waiting', flags.waiting) : WAITING_MAX;
    const name = readText(env, 'NAME');
    const jobs = createJobQueue({ waitingMax });
    return listen(
      createJsonServer((asked) => serve(name, jobs, asked)),
      readPort(env, 'PORT'),
    );
  },
});

async function serve(name: string, jobs: JobQueue, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { instance: name, waiting: jobs.waiting() });
  if (request.method !== 'POST') return answerJson(response, 405, { error: 'expected POST' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  if (path === '/take') return answerJson(response, 200, { instance: name, key: jobs.take() });
  if (!path.startsWith(PREFIX)) return answerJson(response, 404, { error: `no route ${path}` });
  const isTaken = jobs.add(path.slice(PREFIX.length));
  answerJson(response, isTaken ? 202 : 503, { instance: name, waiting: jobs.waiting() });
}
