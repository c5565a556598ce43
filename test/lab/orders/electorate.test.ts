/** Three members over real sockets: whoever wins, it is one, the others know who, and when it goes another one is elected. */
import { describe, expect, it } from 'vitest';
import { hostClock, sleep } from '../../../src/core/clock.js';
import type { Address } from '../../../src/lab/environment.js';
import { Electorate } from '../../../src/lab/orders/electorate.js';
import { forThisTest } from '../../support/for-this-test.js';
import { type Peer, startJsonPeer } from '../../support/lab-peers.js';

const NAMES = ['ord-1', 'ord-2', 'ord-3'];
/** Members, each behind a server that hands it what the others say. */
async function startMembers(): Promise<Map<string, Electorate>> {
  const members = new Map<string, Electorate>();
  const peers: Peer[] = [];
  for (const name of NAMES) {
    const peer = await startJsonPeer((said, path) => {
      const heard = said as { term: number; from: string; role: string };
      const member = members.get(name);
      if (path !== '/vote') member?.heard(heard);
      return member && { granted: path === '/vote' && member.asked(heard.term) };
    });
    peers.push(forThisTest(peer));
  }
  const addresses: readonly Address[] = peers.map(({ address }) => address);
  for (const [i, name] of NAMES.entries()) {
    const member = new Electorate({ name, peers: addresses.filter((_, at) => at !== i), clock: hostClock, log: () => {} });
    members.set(name, member);
    forThisTest(member);
  }
  return members;
}

const leadersOf = (members: ReadonlyMap<string, Electorate>): readonly string[] =>
  [...members].filter(([, member]) => member.standing().role === 'leader').map(([name]) => name);

/** Looks all the time, and throws as soon as two lead at once. */
async function untilOneLeads(members: ReadonlyMap<string, Electorate>): Promise<string> {
  for (const giveUpMs = hostClock.nowMs() + 30_000; hostClock.nowMs() < giveUpMs; await sleep(hostClock, 20)) {
    const leaders = leadersOf(members);
    expect(leaders.length).toBeLessThan(2);
    if (leaders[0] !== undefined) return leaders[0];
  }
  throw new Error('nobody leads after 30 s');
}

describe('members of an electorate', () => {
  it('have one leader, and another one when it is gone, under a newer term', async () => {
    const members = await startMembers();
    const first = await untilOneLeads(members);
    const firstTerm = members.get(first)?.standing().term ?? 0;
    const gone = members.get(first);
    members.delete(first);
    await gone?.[Symbol.asyncDispose]();
    const second = await untilOneLeads(members);
    expect(second).not.toBe(first);
    expect(members.get(second)?.standing().term).toBeGreaterThan(firstTerm);
  }, 60_000);
});
