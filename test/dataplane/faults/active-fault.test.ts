import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../support/clock.js';
import { activeFault } from '../../support/tcp.js';

const clock = new VirtualClock({ startMs: 0 });
const victims = (fault: ReturnType<typeof activeFault>): number[] =>
  Array.from({ length: 400 }, (_, i) => i + 1).filter(
    (connection) => fault.decide({ link: 'a->b', instance: 'b', connection }, { onEnd: () => {} }) === 'applied',
  );

test('the connections hit at a small percentage are among those hit at a larger one', () => {
  const [few, more] = [10, 25].map((percentage) => victims(activeFault({ type: 'noop', percentage }, { clock })));
  expect(few?.length).toBeGreaterThan(15);
  expect(more?.length).toBeGreaterThan(few?.length ?? 0);
  expect(few?.filter((connection) => !more?.includes(connection))).toEqual([]);
});

test('faults of one cohort choose the same victims, whatever they are called; others choose their own', () => {
  const chosen = (id: string, cohort?: string) =>
    victims(activeFault({ id, type: 'noop', percentage: 30, ...(cohort !== undefined && { cohort }) }, { clock }));
  expect(chosen('monday/slow', 'slow')).toEqual(chosen('tuesday/slow', 'slow'));
  expect(chosen('monday/slow')).not.toEqual(chosen('tuesday/slow'));
});

test('none are hit at 0, all at 100', () => {
  expect(victims(activeFault({ type: 'noop', percentage: 0 }, { clock }))).toEqual([]);
  expect(victims(activeFault({ type: 'noop', percentage: 100 }, { clock }))).toHaveLength(400);
});

describe('a meeting', () => {
  test('is counted once, and once more as hit when a ramp reaches it', () => {
    const fault = activeFault({ type: 'noop', ramp: { from: 0, to: 100, step: 100, every: '1s' } }, { clock });
    const meeting = fault.meet({ link: 'a->b', instance: 'b', connection: 1 });
    expect(fault.hits(meeting)).toBe(false);
    expect(fault.counts).toMatchObject({ matched: 1, applied: 0, skipped: 1, overflow: 0 });
    expect(fault.turn(999)).toBe(false);
    expect(fault.turn(1_000)).toBe(true);
    expect([fault.hits(meeting), fault.hits(meeting)]).toEqual([true, true]);
    expect(fault.counts).toMatchObject({ matched: 1, applied: 1, skipped: 0, overflow: 0 });
  });

  test('that was hit and is no longer stays counted as hit', () => {
    const fault = activeFault({ type: 'noop', ramp: { from: 100, to: 0, step: 100, every: '1s' } }, { clock });
    const meeting = fault.meet({ link: 'a->b', instance: 'b', connection: 1 });
    expect(fault.hits(meeting)).toBe(true);
    fault.turn(1_000);
    expect(fault.hits(meeting)).toBe(false);
    expect(fault.counts).toMatchObject({ matched: 1, applied: 1, skipped: 0, overflow: 0 });
  });
});

describe('a change', () => {
  test('of the percentage ends a ramp and leaves the parameters alone', () => {
    const fault = activeFault({ type: 'latency', value: { latency: '1ms' }, ramp: { to: 100, step: 10, every: '1s' } }, { clock });
    const { params } = fault;
    fault.change({ percentage: 30 }, 500);
    expect(fault.percentage).toBe(30);
    expect(fault.turnsAtMs).toBe(Number.POSITIVE_INFINITY);
    expect(fault.params).toBe(params);
  });

  test('of the parameters forgets what connections shared under the old ones', () => {
    const fault = activeFault({ type: 'latency', value: { latency: '1ms' } }, { clock });
    expect(fault.shared('p', () => 'old')).toBe('old');
    fault.change({ value: { written: { latency: '2ms' }, params: { latency: 2 } } }, 500);
    expect(fault.shared('p', () => 'new')).toBe('new');
    expect(fault.spec.value).toEqual({ latency: '2ms' });
  });

  test('leaves a pulse in its beat', () => {
    const fault = activeFault({ type: 'noop', pulse: { active: '1s', dormant: '1s' } }, { clock });
    fault.turn(1_000);
    expect(fault.isOn).toBe(false);
    fault.change({ percentage: 30 }, 1_500);
    expect([fault.isOn, fault.turnsAtMs]).toEqual([false, 2_000]);
  });
});

test('a caller is asked for its address only by a fault that wants to know', () => {
  let asked = 0;
  const caller = (address: string) => ({
    startMs: 5,
    source: () => {
      asked += 1;
      return address;
    },
  });
  expect(activeFault({ type: 'noop' }, { clock }).covers(caller('10.0.0.1'))).toBe(true);
  expect(asked).toBe(0);
  const local = activeFault({ type: 'noop', source: ['10.0.0.0/8'] }, { clock });
  expect([local.covers(caller('10.0.0.1')), local.covers(caller('192.0.2.1'))]).toEqual([true, false]);
});
