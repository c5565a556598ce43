/** Three nodes in virtual time whose clocks and paths are as wrong as one likes, held against the checker of histories: the defence holds, and each switch matters. */
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { type Coordinator, createCoordinator, firstFew, type RegisterPeer } from '../../../src/lab/registers/coordinator.js';
import { createHybridClock } from '../../../src/lab/registers/hybrid-clock.js';
import { createReplica, type Replica } from '../../../src/lab/registers/replica.js';
import type { Operation } from '../../../src/verify/histories/operation.js';
import { VirtualClock } from '../../support/clock.js';
import { judged } from '../../support/simulated-histories.js';

interface World {
  seed: number;
  stamps: 'wall' | 'hybrid';
  quorum: boolean;
  /** How far the first node's clock is ahead. */
  aheadMs?: number;
  /** Nothing reaches the third node from the others. */
  isDeaf?: boolean;
}

const PATIENCE_MS = 200;

async function lived({ seed, stamps, quorum, aheadMs = 0, isDeaf = false }: World): Promise<Operation[]> {
  const draw = drawStream(keyedDraw({ seed, faultId: 'registers' }), 'world');
  const clock = new VirtualClock();
  const after = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
  const replicas: Replica[] = [0, 1, 2].map(() => createReplica());
  const peerOf = (from: number, to: number): RegisterPeer => {
    const replica = replicas[to] ?? createReplica();
    const passes = async <T>(act: () => T, otherwise: T): Promise<T> => {
      if (isDeaf && to === 2 && from !== 2) {
        await after(PATIENCE_MS);
        return otherwise;
      }
      await after(1 + 5 * draw());
      const answer = act();
      await after(1 + 5 * draw());
      return answer;
    };
    return {
      fetch: (key) => passes(() => replica.get(key) ?? null, undefined),
      store: (key, versioned) => passes(() => replica.put(key, versioned) || true, false),
    };
  };
  const nodes = [0, 1, 2].map((i): Coordinator => {
    const name = `reg-${i + 1}`;
    const others = [0, 1, 2].filter((other) => other !== i).map((other) => peerOf(i, other));
    const hybrid = stamps === 'hybrid' ? createHybridClock(name) : undefined;
    return createCoordinator({
      name,
      replica: replicas[i] ?? createReplica(),
      peers: others,
      quorum,
      hybrid,
      wallMs: () => Math.floor(clock.wallMs()) + (i === 0 ? aheadMs : 0),
    });
  });
  const operations: Operation[] = [];
  const work = Array.from({ length: 120 }, async (_, id) => {
    await after(id * 8 + 4 * draw());
    const [key, node, isWrite, startMs] = [`k${id % 2}`, nodes[Math.floor(3 * draw())], draw() < 0.5, clock.nowMs()];
    const value = `v${id}`;
    const outcome = isWrite ? await node?.write(key, value) : await node?.read(key);
    const isDone = outcome === 'done' || outcome === 'overruled' || (typeof outcome === 'object' && outcome.kind === 'told');
    operations.push({
      id,
      process: `p${id}`,
      key,
      f: isWrite ? 'write' : 'read',
      startMs,
      endMs: isDone ? clock.nowMs() : Number.POSITIVE_INFINITY,
      ...(isWrite && { input: value }),
      ...(typeof outcome === 'object' && outcome.kind === 'told' && { output: outcome.value }),
      outcome: isDone ? 'ok' : 'unknown',
    });
  });
  const all = Promise.all(work);
  for (let ms = 0; ms < 2_000; ms++) {
    clock.advance(1);
    for (let turns = 0; turns < 12; turns++) await Promise.resolve();
  }
  await all;
  return operations;
}

const verdictsOf = async (world: Omit<World, 'seed'>): Promise<Set<string>> => {
  const verdicts = new Set<string>();
  for (let seed = 1; seed <= 12; seed++) verdicts.add(judged('register', await lived({ seed, ...world })).verdict);
  return verdicts;
};

describe('a coordinator of registers', () => {
  it('keeps registers as one copy by quorums and hybrid stamps, with a clock that is ahead and a node that hears nothing', async () => {
    expect(await verdictsOf({ stamps: 'hybrid', quorum: true, aheadMs: 400 })).toEqual(new Set(['valid']));
    expect(await verdictsOf({ stamps: 'hybrid', quorum: true, aheadMs: -400, isDeaf: true })).toEqual(new Set(['valid']));
  }, 30_000);

  it('loses writes by the wall clock where one is ahead, of no more than that, and none where all are right', async () => {
    expect(await verdictsOf({ stamps: 'wall', quorum: true, aheadMs: 400 })).toEqual(new Set(['invalid']));
    expect(await verdictsOf({ stamps: 'wall', quorum: true })).toEqual(new Set(['valid']));
    const { facts } = judged('register', await lived({ seed: 1, stamps: 'wall', quorum: true, aheadMs: 100 }));
    const gapMs = facts.find(({ name }) => name === 'largest gap before a lost write')?.value ?? 0;
    expect(gapMs).toBeGreaterThan(0);
    expect(gapMs).toBeLessThan(110);
  }, 30_000);

  it('gives stale answers without a quorum, where a node hears nothing', async () => {
    expect(await verdictsOf({ stamps: 'hybrid', quorum: false, isDeaf: true })).toEqual(new Set(['invalid']));
  }, 30_000);

  it('passes the newest stamp on also where all have its value: an older one would lose against what was written between the two', async () => {
    const replica = createReplica();
    replica.put('k', { value: 'v', stamp: { wallMs: 1, count: 0, node: 'a' } });
    const stored: number[] = [];
    const peer: RegisterPeer = {
      fetch: () => Promise.resolve({ value: 'v', stamp: { wallMs: 3, count: 0, node: 'b' } }),
      store: async (_key, { stamp }) => stored.push(stamp.wallMs) > 0,
    };
    const reader = createCoordinator({ name: 'a', replica, peers: [peer, peer], quorum: true, hybrid: undefined, wallMs: () => 1 });
    expect(await reader.read('k')).toEqual({ kind: 'told', value: 'v' });
    expect([stored, replica.get('k')?.stamp.wallMs]).toEqual([[3, 3], 3]);
  });

  it('says that it does not know where too few answer', async () => {
    const nobody: RegisterPeer = { fetch: () => Promise.resolve(undefined), store: () => Promise.resolve(false) };
    const common = { name: 'a', peers: [nobody, nobody], wallMs: () => 1 };
    const alone = createCoordinator({ ...common, replica: createReplica(), quorum: true, hybrid: createHybridClock('a') });
    expect([await alone.write('k', 'v'), await alone.read('k')]).toEqual(['undecided', { kind: 'undecided' }]);
    const careless = createCoordinator({ ...common, replica: createReplica(), quorum: false, hybrid: undefined });
    expect([await careless.read('k'), await careless.write('k', 'v'), await careless.read('k')]).toEqual([
      { kind: 'told', value: null },
      'done',
      { kind: 'told', value: 'v' },
    ]);
  });
});

describe('the first few', () => {
  it('are there as soon as they have come, and are fewer when all have', async () => {
    const never = new Promise<number>(() => {});
    const [one, two, three] = [1, 2, 3].map((value) => Promise.resolve(value));
    if (one === undefined || two === undefined || three === undefined) throw new Error('there are three');
    expect(await firstFew([never, one, two], 2, () => true)).toEqual([1, 2]);
    expect(await firstFew([one, two, three], 2, (value) => value > 2)).toEqual([3]);
    expect(await firstFew([never], 0, () => true)).toEqual([]);
  });
});
