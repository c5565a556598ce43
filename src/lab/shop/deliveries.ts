/**
 * Deliveries: takes one job after the other from the queue and works on it for about `--service-ms N`. `GET /health` says how many are done. Started with
 * PORT, NAME and QUEUE in the environment.
 */
import { sleep } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import { createJsonCaller } from '../call-json.js';
import { readAddresses, readPort, readText } from '../environment.js';
import { every } from '../every.js';
import { answerJson } from '../json-answer.js';
import { createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readCount, readFlags } from '../switches.js';
import { serviceTimeAround } from './service-time.js';

const FLAGS = { 'service-ms': { type: 'string', default: '20' } } as const;
const TAKE_MS_MAX = 1_000;
/** Between two questions, where there was no job. */
const PERIOD_MS = 50;

await runProgram({ name: 'deliveries', start });

function start({ args, env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const serviceMs = readCount('service-ms', readFlags(args, FLAGS)['service-ms']);
  const [queue] = readAddresses(env, 'QUEUE');
  const name = readText(env, 'NAME');
  const caller = createJsonCaller(clock, { reuse: true });
  let done = 0;
  const workOff = async (): Promise<void> => {
    for (;;) {
      const { body } = await caller.call(queue, { method: 'POST', path: '/take', body: {}, answerMsMax: TAKE_MS_MAX });
      if (typeof body['key'] !== 'string') return;
      await sleep(clock, serviceTimeAround(serviceMs, body['key']));
      done += 1;
    }
  };
  const rounds = every(clock, PERIOD_MS, workOff, (error) => log({ event: 'round', error: reasonOf(error) }));
  const server = createJsonServer(({ response }) => Promise.resolve(answerJson(response, 200, { instance: name, done })));
  return listen(server, readPort(env, 'PORT'), [rounds, caller]);
}
