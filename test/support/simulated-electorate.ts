/**
 * Three members of the orders in virtual time, of whom two do not see each other and both see the third. One of the two stood alone before, so that it asks
 * for newer terms than the other. What comes out is how long both led at once, and who leads in the end.
 */
import type { Clock } from '../../src/core/clock.js';
import type { JsonAnswer, JsonCaller } from '../../src/lab/call-json.js';
import { follows, hear, newMember, vote } from '../../src/lab/orders/election.js';
import { Electorate } from '../../src/lab/orders/electorate.js';
import { VirtualClock } from './clock.js';

const NAMES = ['one', 'hub', 'other'] as const;
type Name = (typeof NAMES)[number];
const STEP_MS = 20;
const TRAVEL_MS = 5;
const ALONE_MS = 12_000;
const TOGETHER_MS = 24_000;

/** What a member says when it is told or asked something. */
type Voice = Pick<Electorate, 'heard' | 'asked'>;

/** What the third member lacks; it votes, and never wants to be elected. */
export interface Careless {
  /** Gives its vote again, in a newer term, while it has not heard of whom it gave it to. */
  readonly votesAgain: boolean;
  /** Tells every leader that it heard him. */
  readonly assentsToAll: boolean;
}

export interface PairCut {
  /** For how long the other one has been on the network when the first comes. */
  readonly afterMs: number;
  /** Left out: the third is a member like the others. */
  readonly hub?: Careless;
}

export interface Led {
  readonly bothLedMs: number;
  readonly leaders: readonly string[];
}

export async function runPairCut({ afterMs, hub }: PairCut): Promise<Led> {
  const clock = new VirtualClock({ startMs: 0 });
  const voices = new Map<Name, Voice>();
  const start = (name: Name): Electorate => {
    const peers = NAMES.filter((peer) => peer !== name).map((host) => ({ host, port: 0 }));
    const member = new Electorate({ name, peers, caller: callerOf(name, voices, clock), clock, log: () => {} });
    voices.set(name, member);
    return member;
  };
  let bothLedMs = 0;
  const members: Electorate[] = [];
  const leaders = () => members.map((member) => member.standing()).flatMap(({ role, leader }) => (role === 'leader' ? [`${leader}`] : []));
  const pass = async (forMs: number): Promise<void> => {
    for (let passedMs = 0; passedMs < forMs; passedMs += STEP_MS) {
      clock.advance(STEP_MS);
      await new Promise(setImmediate);
      if (leaders().length > 1) bothLedMs += STEP_MS;
    }
  };
  members.push(start('other'));
  await pass(ALONE_MS);
  if (hub === undefined) members.push(start('hub'));
  else voices.set('hub', carelessVoice(hub, clock));
  await pass(afterMs);
  members.push(start('one'));
  await pass(TOGETHER_MS);
  for (const member of members) member[Symbol.dispose]();
  return { bothLedMs, leaders: leaders() };
}

/** Nothing gets through between the pair, nor to who is not there yet. */
function callerOf(from: Name, voices: ReadonlyMap<Name, Voice>, clock: Clock): JsonCaller {
  return {
    call: ({ host }, { path, body, answerMsMax }) =>
      new Promise<JsonAnswer>((resolve) => {
        clock.after(answerMsMax, () => resolve({ status: 0, body: {} }));
        if (from !== 'hub' && host !== 'hub') return;
        clock.after(TRAVEL_MS, () => {
          const voice = voices.get(host as Name);
          if (voice === undefined) return;
          const said = body as { term: number; from: string; role: string };
          const answer = path === '/vote' ? { granted: voice.asked(said.term) } : { heard: voice.heard(said) };
          clock.after(TRAVEL_MS, () => resolve({ status: 200, body: answer }));
        });
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function carelessVoice({ votesAgain, assentsToAll }: Careless, clock: Clock): Voice {
  let member = newMember('hub', clock.nowMs(), 0);
  return {
    heard: ({ term, from, role }) => {
      if (role === 'leader') member = hear(member, { term, from }, clock.nowMs(), 0);
      return assentsToAll || follows(member, term);
    },
    asked: (term) => {
      const { trustsUntilMs } = member;
      const voted = vote(member, term, clock.nowMs(), 0);
      member = votesAgain ? { ...voted.member, trustsUntilMs } : voted.member;
      return voted.granted;
    },
  };
}
