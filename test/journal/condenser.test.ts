/** What of a long run is kept one by one, and that a day of it fits: in memory, and in a file. */
import { describe, expect, it } from 'vitest';
import { Condenser } from '../../src/journal/condenser.js';
import type { NewEvent } from '../../src/journal/events.js';
import { exchange, shopPlan } from '../support/histories.js';

const at = (startMs: number, more: object = {}): NewEvent => ({
  type: 'exchange',
  ...exchange({ from: 'load', to: 'gateway-1', startMs, ...more }),
});
const BOUNDS = { freeMax: 0, beforeMs: 1_000, afterMs: 2_000 };
const singles = (events: readonly NewEvent[]): number[] => events.flatMap((e) => (e.type === 'exchange' ? [e.startMs] : []));
const summed = (events: readonly NewEvent[]): number => events.reduce((sum, e) => sum + (e.type === 'trafficSum' ? e.count : 0), 0);

describe('a condenser', () => {
  it('passes all on as it comes, as long as there is room', () => {
    const condenser = new Condenser({ freeMax: 2 });
    expect(condenser.take(at(0), 4)).toEqual([at(0)]);
    expect(condenser.take(at(1), 5)).toEqual([at(1)]);
    expect(condenser.take(at(2), 6)).toEqual([]);
    expect(singles(condenser.rest())).toEqual([]);
  });

  it('then keeps what is around a fault one by one, also what came a little before it, and sums the rest', () => {
    const condenser = new Condenser(BOUNDS);
    const written: NewEvent[] = [];
    for (let nowMs = 0; nowMs < 20_000; nowMs += 100) {
      const [fault, step, links] = ['r/cut', 'cut', [] as string[]];
      if (nowMs === 5_000) written.push(...condenser.take({ type: 'faultIntended', fault, step, links, performs: 'noop' }, nowMs));
      const ended = { type: 'faultEnded', fault, step, reason: 'healed', matched: 1, applied: 1, skipped: 0 } as const;
      if (nowMs === 8_000) written.push(...condenser.take(ended, nowMs));
      written.push(...condenser.take(at(nowMs), nowMs), ...condenser.due(nowMs));
    }
    written.push(...condenser.rest());
    const kept = singles(written);
    expect([kept[0], kept.at(-1), kept.length]).toEqual([4_000, 9_900, 60]);
    expect(summed(written)).toBe(200 - 60);
    expect(condenser.kept).toEqual({ exchanges: 0, sums: 0 });
  });

  it('keeps the baseline, and no more single exchanges than there is room for', () => {
    const condenser = new Condenser({ ...BOUNDS, singleMax: 30 });
    condenser.take({ type: 'phaseStarted', phase: 'baseline' }, 0);
    const written = Array.from({ length: 100 }, (_, i) => condenser.take(at(i * 10), i * 10)).flat();
    written.push(...condenser.rest());
    expect([singles(written).length, summed(written)]).toEqual([30, 70]);
  });

  it('decides early rather than have too many wait, and has told all when the run ends', () => {
    const condenser = new Condenser({ ...BOUNDS, waitingMax: 10 });
    for (let i = 0; i < 100; i++) condenser.take(at(i), i);
    expect(condenser.kept.exchanges).toBe(10);
    const end = { type: 'runEnded', status: 'completed', steadyState: 'met', cleanup: 'confirmed' } as const;
    const last = condenser.take(end, 200);
    expect([summed(last), last.at(-1)]).toEqual([100, end]);
  });

  it('knows checks of health from data by the plan', () => {
    const condenser = new Condenser(BOUNDS);
    const plan = { ...shopPlan(), services: [{ name: 'shop', instances: ['shop-1'], probePaths: ['/ready'] }] };
    condenser.take({ type: 'runStarted', run: 'r', epoch: 1, version: '0', wallMs: 0, plan }, 0);
    for (const path of ['/ready', '/stock']) condenser.take(at(0, { from: 'gateway-1', to: 'shop-1', path }), 4);
    expect(condenser.rest()).toMatchObject([{ isProbe: true, count: 1 }, { count: 1 }]);
  });
});

/**
 * A day at 1,000 requests a second over the load and one hop, by 40 seconds of it: from then on every second is like the one before, so the file grows
 * by a rate and memory by nothing. 40 s × 2 × 1,000 = 80,000 exchanges are condensed here; a day has 2,160 times as many.
 */
it('a day at 1,000 requests a second fits: memory stays what it is, and the journal grows by less than a gigabyte', () => {
  const condenser = new Condenser({ freeMax: 10_000 });
  const [seconds, perSecond, links] = [40, 1_000, ['gateway-1', 'inventory-1']];
  let [bytes, lines, most, seed] = [0, 0, { exchanges: 0, sums: 0 }, 1];
  const put = (events: readonly NewEvent[]): void => {
    for (const event of events) {
      if (event.type !== 'trafficSum') continue;
      bytes += JSON.stringify(event).length;
      lines += 1;
    }
  };
  for (let ms = 0; ms < seconds * 1_000; ms += 1_000 / perSecond) {
    seed = (seed * 48_271) % 2_147_483_647;
    const endMs = ms + 5 * Math.exp((seed / 2_147_483_647) * 3);
    const status = seed % 100 === 0 ? 503 : 200;
    for (const to of links) put(condenser.take(at(ms, { to, endMs, status }), endMs));
    if (ms % 100 === 0) {
      put(condenser.due(ms));
      const { exchanges, sums } = condenser.kept;
      most = { exchanges: Math.max(most.exchanges, exchanges), sums: Math.max(most.sums, sums) };
    }
  }
  const told = seconds - 10_000 / (perSecond * links.length) - 5;
  const perDay = (bytes / told) * 86_400;
  expect(lines).toBeGreaterThan(told * links.length);
  expect(perDay).toBeLessThan(1e9);
  // Five seconds wait for the decision, and the sums of hardly more than one second grow.
  expect(most.exchanges).toBeLessThan(5.5 * perSecond * links.length);
  expect(most.sums).toBeLessThan(20);
  process.stdout.write(`a day at ${perSecond}/s over ${links.length} links: ${(perDay / 1e6).toFixed(0)} MB of sums\n`);
});
