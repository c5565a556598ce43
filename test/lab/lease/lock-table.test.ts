import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { holdingOf, isHeld } from '../../../src/lab/lease/holding.js';
import { createLockTable } from '../../../src/lab/lease/lock-table.js';
import { seeds } from '../../support/simulated-cycles.js';

const LEASE_MS = 2_500;
const table = () => createLockTable({ leaseMs: LEASE_MS });

describe('the lock table', () => {
  it('gives a lock to one at a time, and to another when its time is over, under a greater token', () => {
    const locks = table();
    expect(locks.acquire('job', 'w-1', 0)).toEqual({ kind: 'granted', token: 1 });
    expect(locks.acquire('job', 'w-2', LEASE_MS - 1)).toEqual({ kind: 'held', by: 'w-1' });
    expect(locks.acquire('job', 'w-2', LEASE_MS)).toEqual({ kind: 'granted', token: 2 });
    expect(locks.renew('job', 1, LEASE_MS + 1)).toEqual({ kind: 'held', by: 'w-2' });
  });

  it('gives who renews all of its time, also after it is over, as long as nobody else came', () => {
    const locks = table();
    locks.acquire('job', 'w-1', 0);
    expect(locks.renew('job', 1, LEASE_MS + 500)).toEqual({ kind: 'granted', token: 1 });
    expect(locks.acquire('job', 'w-2', 2 * LEASE_MS)).toEqual({ kind: 'held', by: 'w-1' });
    expect(locks.renew('other', 1, 0)).toEqual({ kind: 'held', by: '' });
  });

  it('keeps no more locks than it may', () => {
    const locks = table();
    for (let i = 0; i < 1_000; i++) locks.acquire(`job-${i}`, 'w-1', 0);
    expect(locks.acquire('one-more', 'w-1', 0)).toEqual({ kind: 'tooMany' });
    expect(locks.acquire('job-7', 'w-1', 1).kind).toBe('granted');
  });

  it('never has two who may both believe that they hold it, however slowly answers come; tokens only grow', () => {
    for (const seed of seeds(100)) {
      const draw = drawStream(keyedDraw({ seed, faultId: 'locks' }), 'all');
      const locks = table();
      const believed: { who: string; fromMs: number; untilMs: number; token: number }[] = [];
      for (let nowMs = 0; nowMs < 60_000; nowMs += 400 * draw()) {
        const who = draw() < 0.5 ? 'w-1' : 'w-2';
        const askedMs = nowMs - 500 * draw();
        const answer = locks.acquire('job', who, nowMs);
        if (answer.kind !== 'granted') continue;
        believed.push({ who, fromMs: nowMs, ...holdingOf({ token: answer.token, leaseMs: LEASE_MS, askedMs }) });
      }
      const overlaps = believed.filter((one, i) => believed.some((next, j) => j > i && next.who !== one.who && next.fromMs < one.untilMs));
      expect(overlaps, `seed ${seed}`).toEqual([]);
      expect(
        believed.every(({ token }, i) => token >= (believed[i - 1]?.token ?? 0)),
        `seed ${seed}`,
      ).toBe(true);
    }
  });
});

describe('a holding', () => {
  it('is over a little before the lease, counted from when it was asked for', () => {
    const holding = holdingOf({ token: 1, leaseMs: 10_000, askedMs: 0 });
    expect(holding.untilMs).toBeCloseTo(9_802, 0);
    expect([isHeld(holding, 9_800), isHeld(holding, 9_803), isHeld(undefined, 0)]).toEqual([true, false, false]);
  });
});
