/** The quorum in virtual time: what it promises holds in every schedule, and each defence that is taken away is missed. */
import { describe, expect, it } from 'vitest';
import type { Rules } from '../../../src/lab/quorum/member.js';
import { hear, write } from '../../../src/lab/quorum/step.js';
import { seeds } from '../../support/simulated-cycles.js';
import { ALL_ON, type Disturbance, type QuorumOutcome, randomDisturbances, SimulatedQuorum } from '../../support/simulated-quorum.js';

const HEALED_MS = 16_000;
const TO_MS = 26_000;

function schedule(seed: number, rules: Rules): QuorumOutcome {
  return new SimulatedQuorum({ seed, rules, disturbances: randomDisturbances(seed, HEALED_MS) }).run(TO_MS);
}

/** Of all schedules, those in which a promise was broken. */
function broken(count: number, rules: Rules): string[] {
  return seeds(count).flatMap((seed) => {
    const { sharedTerms, lost, stale, staleReads, different, hasLeader } = schedule(seed, rules);
    const isKept = sharedTerms + lost + stale + staleReads + different === 0 && hasLeader;
    return isKept ? [] : [`seed ${seed}: ${JSON.stringify({ sharedTerms, lost, stale, staleReads, different, hasLeader })}`];
  });
}

const sum = (count: number, rules: Rules, figure: (outcome: QuorumOutcome) => number): number =>
  seeds(count).reduce((total, seed) => total + figure(schedule(seed, rules)), 0);

describe('a quorum under any schedule of cuts, pauses and losses', () => {
  it('has one leader a term, loses nothing that it acknowledged, tells nothing old, and leads again when all is healed', () => {
    expect(broken(80, ALL_ON)).toEqual([]);
  }, 60_000);

  it('keeps its promises without pre-votes, and with more elections', () => {
    const rules = { ...ALL_ON, preVote: false };
    expect(broken(20, rules)).toEqual([]);
    expect(sum(15, rules, ({ elections }) => elections)).toBeGreaterThan(sum(15, ALL_ON, ({ elections }) => elections));
  }, 60_000);

  it('goes on writing through a disturbance that leaves a majority', () => {
    expect(sum(10, ALL_ON, ({ acknowledgedAmidst }) => acknowledgedAmidst)).toBeGreaterThan(100);
  }, 60_000);
});

describe('a quorum without one of its defences', () => {
  it.each([
    ['loses what it acknowledged, when each decides alone', { majority: false }, ({ lost }: QuorumOutcome) => lost],
    ['lets an old leader overwrite, without the fence', { fencing: false, leaseCheck: false }, ({ lost }: QuorumOutcome) => lost],
  ])(
    '%s',
    (_what, without, figure) => {
      expect(sum(20, { ...ALL_ON, ...without }, figure)).toBeGreaterThan(0);
    },
    60_000,
  );

  /** The same run twice: up to the fault, to know who leads, and with the fault. */
  function withLeader(seed: number, harm: (leader: string) => readonly Disturbance[]): (rules: Rules) => QuorumOutcome {
    return (rules) => {
      const probe = new SimulatedQuorum({ seed, rules, disturbances: [] });
      probe.run(4_000);
      return new SimulatedQuorum({ seed, rules, disturbances: harm(probe.leader() ?? '') }).run(24_000);
    };
  }

  it('tells what is old, or has two who acknowledge at once, when the leader is cut off', () => {
    const isolated = withLeader(1, (leader) => [{ fromMs: 4_000, toMs: 14_000, cut: (from, to) => (from === leader) !== (to === leader) }]);
    expect(isolated(ALL_ON)).toMatchObject({ stale: 0, lost: 0, staleReads: 0, elections: 2, hasLeader: true });
    const unchecked = isolated({ ...ALL_ON, leaseCheck: false });
    expect(unchecked).toMatchObject({ stale: 0, lost: 0 });
    expect(unchecked.staleReads).toBeGreaterThan(0);
    const alone = isolated({ ...ALL_ON, majority: false });
    expect(alone.stale).toBeGreaterThan(0);
    expect(alone.lost).toBeGreaterThan(0);
  });

  it('follows an old leader that is the first to speak when it is back, with neither fence nor lease; either is enough', () => {
    const back = withLeader(3, (leader) => [
      { fromMs: 4_000, toMs: 16_000, cut: (from, to) => (from === leader) !== (to === leader) },
      { fromMs: 4_000, toMs: 18_000, cut: (_from, to) => to === leader },
    ]);
    for (const without of [{}, { fencing: false }, { leaseCheck: false }])
      expect(back({ ...ALL_ON, ...without }), JSON.stringify(without)).toMatchObject({ stale: 0, lost: 0, hasLeader: true });
    const followed = back({ ...ALL_ON, fencing: false, leaseCheck: false });
    expect(followed.stale).toBeGreaterThan(0);
    expect(followed.lost).toBeGreaterThan(0);
  });

  it('is disturbed again and again by a member that does not hear the leader, without pre-votes', () => {
    const deafened = withLeader(2, (leader) => [
      { fromMs: 4_000, toMs: 20_000, cut: (from, to) => from === leader && to === (leader === 'q-5' ? 'q-4' : 'q-5') },
    ]);
    expect(deafened(ALL_ON).elections).toBe(1);
    expect(deafened({ ...ALL_ON, leaseCheck: false }).elections, 'pre-votes are enough').toBe(1);
    expect(deafened({ ...ALL_ON, preVote: false }).elections).toBeGreaterThan(1);
    expect(deafened({ ...ALL_ON, preVote: false, leaseCheck: false }).elections).toBeGreaterThan(5);
  });
});

describe('a leader', () => {
  /** It writes at a moment when not everybody owes it an answer already, as everybody does right after its beats. */
  function writing() {
    for (let forMs = 4_000; forMs < 4_200; forMs += 5) {
      const quorum = new SimulatedQuorum({ seed: 1, rules: ALL_ON, disturbances: [] });
      quorum.run(forMs);
      const moment = { nowMs: 10_000 + forMs, draw: 0 };
      const asked = write(quorum.member(quorum.leader() ?? ''), { key: 'a', value: 'b' }, moment);
      const [first] = asked?.asks ?? [];
      if (asked !== undefined && first !== undefined) return { asked, first, moment };
    }
    throw new Error('expected a question, found none');
  }

  it('asks who did not answer again with its next beat, and not at once', () => {
    const { asked, first, moment } = writing();
    expect(hear(asked.member, { from: first.to, ask: first.ask, askedMs: moment.nowMs, reply: undefined }, moment).asks).toEqual([]);
  });
});
