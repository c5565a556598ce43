/** Three members over real sockets: whoever wins, it is one, the others know who, and when it goes another one is elected. In virtual time: a pair is cut. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostClock, sleep } from '../../../src/core/clock.js';
import { createJsonCaller } from '../../../src/lab/call-json.js';
import type { Address } from '../../../src/lab/environment.js';
import { LEASE_MS } from '../../../src/lab/orders/election.js';
import { Electorate } from '../../../src/lab/orders/electorate.js';
import { forThisTest } from '../../support/for-this-test.js';
import { type Peer, startJsonPeer } from '../../support/lab-peers.js';
import { type Careless, type Led, runPairCut } from '../../support/simulated-electorate.js';

const NAMES = ['ord-1', 'ord-2', 'ord-3'];
/** Members, each behind a server that hands it what the others say. */
async function startMembers(): Promise<Map<string, Electorate>> {
  const members = new Map<string, Electorate>();
  const peers: Peer[] = [];
  for (const name of NAMES) {
    const peer = await startJsonPeer((said, path) => {
      const word = said as { term: number; from: string; role: string };
      const member = members.get(name);
      return member && (path === '/vote' ? { granted: member.asked(word.term) } : { heard: member.heard(word) });
    });
    peers.push(forThisTest(peer));
  }
  const addresses: readonly Address[] = peers.map(({ address }) => address);
  for (const [i, name] of NAMES.entries()) {
    const caller = forThisTest(createJsonCaller(hostClock, { reuse: false }));
    const member = new Electorate({ name, peers: addresses.filter((_, at) => at !== i), caller, clock: hostClock, log: () => {} });
    members.set(name, member);
    onTestFinished(() => member[Symbol.dispose]());
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
    gone?.[Symbol.dispose]();
    const second = await untilOneLeads(members);
    expect(second).not.toBe(first);
    expect(members.get(second)?.standing().term).toBeGreaterThan(firstTerm);
  }, 60_000);
});

/** The first of the pair comes at many moments of the other's rounds, so that in some both ask the third almost at once. */
async function runAll(hub?: Careless): Promise<readonly Led[]> {
  const runs: Led[] = [];
  for (let afterMs = 0; afterMs < 6_000; afterMs += 200) runs.push(await runPairCut({ afterMs, ...(hub && { hub }) }));
  return runs;
}

describe('two members that do not see each other, and a third that sees both', () => {
  it('never lead at once, and one of the three leads in the end', async () => {
    const runs = [...(await runAll()), ...(await runAll({ votesAgain: false, assentsToAll: false }))];
    expect(runs.map(({ bothLedMs, leaders }) => [bothLedMs, leaders.length])).toEqual(runs.map(() => [0, 1]));
  });

  it('lead at once for no longer than a lease where the third votes twice', async () => {
    const runs = await runAll({ votesAgain: true, assentsToAll: false });
    const bothLedMs = Math.max(...runs.map((run) => run.bothLedMs));
    expect(bothLedMs).toBeGreaterThan(0);
    expect(bothLedMs).toBeLessThanOrEqual(LEASE_MS);
  });

  it('lead at once for good where it assents to both as well', async () => {
    const runs = await runAll({ votesAgain: true, assentsToAll: true });
    expect(runs.some(({ leaders }) => leaders.length === 2)).toBe(true);
  });
});
