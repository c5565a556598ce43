/** Clusters of eight on a network of which all is known, in virtual time: who is declared dead that is not, and who is not that is. */
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { type Reply, SwimMember, type SwimOptions } from '../../../src/lab/members/swim-member.js';
import { VirtualClock } from '../../support/clock.js';

const SIZE = 8;
const NAMES = Array.from({ length: SIZE }, (_, i) => `m-${i + 1}`);
const STEP_MS = 10;
const INTERVAL_MS = 500;

type Defences = Pick<SwimOptions, 'helpers' | 'hasHealth' | 'suspicion'>;
const suspicion = { members: SIZE, probeInterval: INTERVAL_MS, suspicionMult: 8, suspicionMaxTimeoutMult: 6 };
const defended: Defences = { helpers: 3, hasHealth: true, suspicion };
const bare: Defences = { helpers: 0, hasHealth: false };

interface Scene {
  seed: number;
  defences: Defences;
  /** How long a message takes; null: it is lost. */
  delayMs: (from: string, to: string, nowMs: number) => number | null;
  forMs: number;
}

interface Outcome {
  /** Everybody whom somebody held for dead at some time: `m-1: m-2`. */
  deaths: ReadonlySet<string>;
  /** Each time that somebody began to suspect somebody. */
  suspicions: readonly string[];
  members: ReadonlyMap<string, SwimMember>;
}

async function run({ seed, defences, delayMs, forMs }: Scene): Promise<Outcome> {
  const clock = new VirtualClock({ startMs: 0 });
  const members = new Map<string, SwimMember>();
  const travel = (from: string, to: string): Promise<boolean> =>
    new Promise((resolve) => {
      const tookMs = delayMs(from, to, clock.nowMs());
      if (tookMs !== null) clock.after(tookMs, () => resolve(true));
    });
  for (const self of NAMES) {
    const draw = drawStream(keyedDraw({ seed, faultId: 'swim' }), self);
    const options = { self, others: NAMES.filter((name) => name !== self), intervalMs: INTERVAL_MS, pingMs: 250, ...defences };
    const ask = (to: string, message: Parameters<SwimMember['answer']>[0], msMax: number): Promise<Reply | undefined> =>
      new Promise((resolve) => {
        clock.after(msMax, () => resolve(undefined));
        void travel(self, to)
          .then(() => members.get(to)?.answer(message))
          .then(async (reply) => {
            await travel(to, self);
            resolve(reply);
          });
      });
    const member = new SwimMember(options, { clock, draw, ask });
    members.set(self, member);
    const again = (): void => void clock.after(INTERVAL_MS, () => void member.probe().then(again));
    clock.after(INTERVAL_MS * draw(), again);
  }
  const deaths = new Set<string>();
  const suspicions: string[] = [];
  let before = new Set<string>();
  for (let atMs = 0; atMs < forMs; atMs += STEP_MS) {
    clock.advance(STEP_MS);
    await new Promise(setImmediate);
    const now = new Set([...members].flatMap(([name, member]) => member.named('suspect').map((other) => `${name}: ${other}`)));
    suspicions.push(...[...now].filter((one) => !before.has(one)));
    before = now;
    for (const [name, member] of members) for (const dead of member.named('dead')) deaths.add(`${name}: ${dead}`);
  }
  return { deaths, suspicions, members };
}

const quick = (): number => 2;
const isPair = (from: string, to: string): boolean => [from, to].sort().join() === 'm-1,m-2';
const pairCut = (from: string, to: string, nowMs: number): number | null => (nowMs > 2_000 && isPair(from, to) ? null : 2);
/** Nothing goes in or out until then, and then all at once. */
const standsStill = (who: string, fromMs: number, toMs: number) => (from: string, to: string, nowMs: number) =>
  [from, to].includes(who) && nowMs >= fromMs && nowMs < toMs ? toMs - nowMs : 2;

const outcomes = (scene: Omit<Scene, 'seed'>, count = 4): Promise<Outcome[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => i + 1).map((seed) => run({ seed, ...scene })));
const deathsIn = (all: readonly Outcome[]): number[] => all.map(({ deaths }) => deaths.size);

describe('a cluster of eight', () => {
  it('suspects nobody while all is well', async () => {
    const all = await outcomes({ defences: defended, delayMs: quick, forMs: 10_000 }, 2);
    expect(all.map(({ suspicions, deaths }) => [suspicions.length, deaths.size])).toEqual(all.map(() => [0, 0]));
  });

  it('with one pair cut declares nobody dead where others are asked to try, or where a suspect may refute, and does with neither', async () => {
    const cut = { delayMs: pairCut, forMs: 12_000 };
    expect(deathsIn(await outcomes({ ...cut, defences: defended }))).toEqual([0, 0, 0, 0]);
    const asking = await outcomes({ ...cut, defences: { helpers: 3, hasHealth: false } });
    expect(deathsIn(asking)).toEqual([0, 0, 0, 0]);
    const refuting = await outcomes({ ...cut, defences: { helpers: 0, hasHealth: false, suspicion } });
    expect(deathsIn(refuting)).toEqual([0, 0, 0, 0]);
    expect(refuting.every(({ suspicions }) => suspicions.length > 0)).toBe(true);
    expect(deathsIn(await outcomes({ ...cut, defences: bare })).every((deaths) => deaths > 0)).toBe(true);
  });

  it('lets a member that stood still refute when it wakes up, and without suspicion declares it dead', async () => {
    const paused = { delayMs: standsStill('m-3', 2_000, 5_000), forMs: 14_000 };
    const all = await outcomes({ ...paused, defences: defended });
    expect(deathsIn(all)).toEqual([0, 0, 0, 0]);
    for (const { members, suspicions } of all) {
      expect(suspicions.length).toBeGreaterThan(0);
      expect(members.get('m-3')?.incarnation).toBeGreaterThan(0);
      expect([...members.values()].flatMap((member) => member.named('suspect'))).toEqual([]);
    }
    const without = await outcomes({ ...paused, defences: { helpers: 3, hasHealth: false } });
    expect(without.every(({ deaths }) => [...deaths].some((one) => one.endsWith(': m-3')))).toBe(true);
  });

  it('tells everybody of a member that is gone', async () => {
    const gone = (from: string, to: string, nowMs: number): number | null => ([from, to].includes('m-3') && nowMs > 2_000 ? null : 2);
    const all = await outcomes({ defences: defended, delayMs: gone, forMs: 24_000 }, 3);
    for (const { members } of all) {
      const dead = [...members].filter(([name]) => name !== 'm-3').map(([, member]) => member.named('dead'));
      expect(dead).toEqual(dead.map(() => ['m-3']));
    }
  });

  it('hears a slow member accuse far less where it doubts itself', async () => {
    const slow = { delayMs: (from: string, to: string): number => ([from, to].includes('m-1') ? 300 : 2), forMs: 20_000 };
    const sum = async (hasHealth: boolean): Promise<number> => {
      const all = await outcomes({ ...slow, defences: { ...defended, hasHealth } }, 3);
      return all.flatMap(({ suspicions }) => suspicions).filter((one) => !one.endsWith(': m-1')).length;
    };
    const [doubting, sure] = [await sum(true), await sum(false)];
    expect(doubting).toBeLessThan(sure / 2);
  });
});
