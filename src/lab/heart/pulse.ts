/**
 * A heart that can be asked how it is: tells each watcher every 100 ms by `POST /beats` that it lives, with a name for this life of it. Unlike `heart.ts`, whose beats are
 * lines on a connection, it makes requests, so that faults on requests meet them. Started with PORT and WATCHERS (addresses).
 */
import { randomUUID } from 'node:crypto';
import { createJsonCaller } from '../call-json.js';
import { readAddresses, readPort } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';

const INTERVAL_MS = 100;
/** What is late is delivered nevertheless, and nobody waits for the answer. */
const ANSWER_MS_MAX = 5_000;

await runProgram({ name: 'pulse', start });

function start({ env, clock }: ProgramInput): Promise<RunningProgram> {
  const watchers = readAddresses(env, 'WATCHERS');
  const caller = createJsonCaller(clock, { reuse: true });
  const life = randomUUID();
  let sequence = 0;
  let timer = clock.after(0, beat);
  function beat(): void {
    const body = { life, sequence };
    for (const watcher of watchers) void caller.call(watcher, { method: 'POST', path: '/beats', body, answerMsMax: ANSWER_MS_MAX });
    sequence += 1;
    timer = clock.after(INTERVAL_MS, beat);
  }
  const server = createJsonServer(async ({ response, path }) => {
    if (path === '/health') answerJson(response, 200, { status: 'up' });
    else answerJson(response, 404, { error: `no route ${path}` });
  });
  return listen(server, readPort(env, 'PORT'), [caller, { [Symbol.dispose]: () => timer.cancel() }]);
}
