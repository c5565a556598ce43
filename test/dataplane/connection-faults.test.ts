import { expect, test } from 'vitest';
import { ConnectionFaults } from '../../src/dataplane/connection-faults.js';
import { VirtualClock } from '../support/clock.js';
import { activeFault } from '../support/tcp.js';

const identity = { link: 'a->b', instance: 'b', connection: 1, startMs: 1_000, source: () => '127.0.0.1' };
const clock = new VirtualClock();
const idsOf = (stages: readonly { id: string }[]): readonly string[] => stages.map((s) => s.id);

test('stages come in the order of the list, for the direction asked', () => {
  const faults = [
    activeFault({ type: 'latency', id: 'slow-up', direction: 'up', value: { latency: '1ms' } }, { clock, sinceMs: 500 }),
    activeFault({ type: 'blackhole', id: 'cut-down', direction: 'down' }, { clock, sinceMs: 500 }),
    activeFault({ type: 'latency', id: 'slow-both', direction: 'both', value: { latency: '1ms' } }, { clock, sinceMs: 500 }),
  ];
  const on = new ConnectionFaults(identity);
  expect(idsOf(on.stages(faults, { isNew: true }).up)).toEqual(['slow-up', 'slow-both']);
  expect(idsOf(on.stages(faults, { isNew: true }).down)).toEqual(['cut-down', 'slow-both']);
});

test('the decision is taken and counted once, whatever is asked afterwards', () => {
  const fault = activeFault({ type: 'latency', direction: 'both', percentage: 50, value: { latency: '1ms' } }, { clock });
  const counts = { applied: 0, matched: 0 };
  for (let connection = 1; connection <= 100; connection++) {
    const on = new ConnectionFaults({ ...identity, connection });
    const first = on.stages([fault], { isNew: true }).up.length;
    expect(on.stages([fault], { isNew: true }).down).toHaveLength(first);
    expect(on.stages([fault], { isNew: false }).up).toHaveLength(first);
    counts.matched += on.met.length;
    counts.applied += on.applied.length;
    expect(on.applied.length).toBe(first);
  }
  expect(fault.counts).toMatchObject({ matched: 100, applied: counts.applied, skipped: 100 - counts.applied, overflow: 0 });
  expect(counts.matched).toBe(100);
  expect(counts.applied).toBeGreaterThan(20);
  expect(counts.applied).toBeLessThan(80);
});

test('a connection that the fault does not cover is neither matched nor counted', () => {
  const fault = activeFault({ type: 'blackhole', connections: 'existing' }, { clock, sinceMs: 500 });
  const on = new ConnectionFaults(identity);
  expect(on.stages([fault], { isNew: true }).up).toEqual([]);
  expect(on.met).toEqual([]);
  expect(fault.counts.matched).toBe(0);
});

test('a fault that acts at once gets a tick unless an opening will come', () => {
  const fault = activeFault({ type: 'reset' }, { clock, sinceMs: 500 });
  const tickAtOnce = (direction: 'up' | 'down', isNew: boolean): boolean | undefined =>
    new ConnectionFaults(identity).stages([fault], { isNew })[direction][0]?.tickAtOnce;
  expect([tickAtOnce('up', true), tickAtOnce('up', false), tickAtOnce('down', true), tickAtOnce('down', false)]).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test('a connection that outlives many faults remembers the latest of them', () => {
  const on = new ConnectionFaults(identity);
  for (let i = 0; i < 300; i++) on.stages([activeFault({ type: 'blackhole', id: `f${i}` }, { clock })], { isNew: false });
  expect(on.met).toHaveLength(256);
  expect(on.met.at(-1)).toEqual(['f299', 'applied']);
});

test('a connection becomes a victim when a ramp reaches it, and ceases to be one only by a step down', () => {
  const ramp = { from: 0, to: 100, step: 20, every: '1s' };
  const fault = activeFault({ type: 'latency', value: { latency: '1ms' }, ramp }, { clock, sinceMs: 0 });
  const all = Array.from({ length: 100 }, (_, i) => new ConnectionFaults({ ...identity, connection: i + 1 }));
  const victims = (): ConnectionFaults[] => all.filter((on) => on.stages([fault], { isNew: false }).down.length > 0);
  let before = victims();
  expect(before).toEqual([]);
  for (let s = 1; s <= 5; s++) {
    fault.turn(s * 1_000);
    const now = victims();
    expect(before.filter((on) => !now.includes(on))).toEqual([]);
    expect(fault.counts).toMatchObject({ matched: 100, applied: now.length, skipped: 100 - now.length, overflow: 0 });
    before = now;
  }
  expect(before).toHaveLength(100);
  fault.change({ percentage: 40 }, 6_000);
  expect(victims().length).toBeLessThan(70);
  expect(fault.counts.applied).toBe(100);
});

test('only the callers of its networks meet it', () => {
  const fault = activeFault({ type: 'blackhole', source: ['10.0.0.0/8'] }, { clock, sinceMs: 0 });
  const meets = (address: string | undefined): boolean => {
    const on = new ConnectionFaults({ ...identity, source: () => address });
    return on.stages([fault], { isNew: true }).up.length > 0;
  };
  expect([meets('10.1.2.3'), meets('127.0.0.1'), meets(undefined)]).toEqual([true, false, false]);
  expect(fault.counts.matched).toBe(1);
});

test('a connection that is over makes room, whether or not the fault was still on it', () => {
  const fault = activeFault({ type: 'noop', maxActive: 1 }, { clock, sinceMs: 0 });
  const [one, two, three] = [1, 2, 3].map((connection) => new ConnectionFaults({ ...identity, connection }));
  const meets = (on: ConnectionFaults | undefined): number | undefined => on?.stages([fault], { isNew: true }).down.length;
  expect([meets(one), meets(two), meets(one)]).toEqual([1, 0, 1]);
  one?.stages([], { isNew: false });
  one?.end();
  expect([meets(two), meets(three)]).toEqual([0, 1]);
  expect(fault.counts).toMatchObject({ matched: 3, applied: 2, skipped: 0, overflow: 1 });
});
