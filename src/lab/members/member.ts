/**
 * A member as a program. `POST /swim` is a message of another one; `GET /complete` is 200 while it holds nobody for dead and 503 as soon as it does, `GET /members`
 * what it holds of all. Started with PORT, NAME (like members-3) and PEERS (addresses of the others, in the order of their numbers). `--indirect off`: nobody
 * is asked to try again; `--suspicion off`: who does not answer is dead at once and for good; `--health off`: it never doubts itself.
 */
import { LabError } from '../../core/errors.js';
import { drawStream, keyedDraw } from '../../core/random.js';
import { readBody } from '../body.js';
import { createJsonCaller, recordOf } from '../call-json.js';
import { readAddresses, readPort, readText } from '../environment.js';
import { every } from '../every.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readSwitches } from '../switches.js';
import { readMessage, readReply, SwimMember } from './swim-member.js';

const INTERVAL_MS = 500;
const PING_MS = 400;
/** memberlist's settings for a LAN, but the first twice as long: machines that run labs stall. */
const SUSPICION = { suspicionMult: 8, suspicionMaxTimeoutMult: 6, probeInterval: INTERVAL_MS };
const HELPERS = 3;

await runProgram({ name: 'member', start });

function start({ args, env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const { indirect, suspicion, health } = readSwitches(args, ['indirect', 'suspicion', 'health']);
  const self = readText(env, 'NAME');
  const addresses = readAddresses(env, 'PEERS');
  const others = namesOfOthers(self, addresses.length);
  const byName = new Map(others.map((name, i) => [name, addresses[i]]));
  const caller = createJsonCaller(clock, { reuse: false });
  const options = {
    self,
    others,
    intervalMs: INTERVAL_MS,
    pingMs: PING_MS,
    helpers: indirect ? HELPERS : 0,
    hasHealth: health,
    ...(suspicion && { suspicion: { ...SUSPICION, members: others.length + 1 } }),
  };
  const draw = drawStream(keyedDraw({ seed: 0, faultId: 'members' }), self);
  const member = new SwimMember(options, {
    clock,
    draw,
    ask: async (to, body, answerMsMax) => {
      const address = byName.get(to);
      if (address === undefined) return undefined;
      const { status, body: reply } = await caller.call(address, { method: 'POST', path: '/swim', body, answerMsMax });
      return status === 200 ? readReply(reply) : undefined;
    },
  });
  const server = createJsonServer((asked) => serve(member, asked));
  const probes = every(
    clock,
    INTERVAL_MS,
    () => member.probe(),
    (error) => log({ event: 'probe', error: String(error) }),
  );
  return listen(server, readPort(env, 'PORT'), [probes, caller]);
}

/** `members-1`, `members-3` … of `members-2` and how many others there are. Throws USAGE. */
function namesOfOthers(self: string, count: number): readonly string[] {
  const [, service, number] = /^(.+)-(\d{1,3})$/.exec(self) ?? [];
  if (service === undefined || Number(number) < 1 || Number(number) > count + 1) {
    throw new LabError('USAGE', { problem: `expected NAME to end in a number from 1 to ${count + 1}, found "${self}"` });
  }
  return Array.from({ length: count + 1 }, (_, i) => `${service}-${i + 1}`).filter((name) => name !== self);
}

async function serve(member: SwimMember, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (path === '/members') {
    const { incarnation } = member;
    return answerJson(response, 200, {
      incarnation,
      alive: member.named('alive'),
      suspect: member.named('suspect'),
      dead: member.named('dead'),
    });
  }
  if (path === '/complete') {
    const dead = member.named('dead');
    return answerJson(response, dead.length === 0 ? 200 : 503, { dead });
  }
  if (path !== '/swim') return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'POST') return answerJson(response, 405, { error: 'expected POST' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  answerJson(response, 200, await member.answer(readMessage(recordOf(body.bytes.toString()))));
}
