import { describe, expect, it } from 'vitest';
import type { ActiveFault } from '../../../src/dataplane/faults/active-fault.js';
import { Gate } from '../../../src/dataplane/faults/gate.js';
import { Hold, type Wait } from '../../../src/dataplane/http/hold.js';
import { roughClock, VirtualClock } from '../../support/clock.js';
import { activeFault } from '../../support/tcp.js';

const one = activeFault({ id: 'one', type: 'delay', value: { delay: '1s' } });
const two = activeFault({ id: 'two', type: 'delay', value: { delay: '1s' } });

function delay(fault: ActiveFault, delayMs: number): Wait {
  return { fault, kind: 'delay', delayMs };
}

function gated(fault: ActiveFault, gate: Gate, limitMs = Number.POSITIVE_INFINITY): Wait {
  return { fault, kind: 'hold', gate, limitMs };
}

function holdOn(clock: VirtualClock) {
  const releasedMs: number[] = [];
  return { releasedMs, hold: new Hold(clock, () => releasedMs.push(clock.nowMs())) };
}

describe('a hold', () => {
  it('releases once, after the sum of the delays, and never early', () => {
    for (let seed = 0; seed < 50; seed++) {
      const clock = roughClock(seed);
      const { hold, releasedMs } = holdOn(clock);
      const startMs = clock.nowMs();
      hold.start([delay(one, 70), delay(two, 30)]);
      clock.advance(500);
      expect(releasedMs, `seed ${seed}`).toHaveLength(1);
      expect((releasedMs[0] ?? 0) - startMs, `seed ${seed}`).toBeGreaterThanOrEqual(100);
      expect(clock.pending).toBe(0);
    }
  });

  it('forgets the delay of a fault that is gone, and keeps those of the others', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    hold.start([delay(one, 70), delay(two, 30)]);
    clock.advance(10);
    hold.retain([two]);
    expect(releasedMs).toEqual([]);
    clock.advance(20);
    expect(releasedMs).toHaveLength(1);
  });

  it('releases at once when no delay is left', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    hold.start([delay(one, 70)]);
    hold.retain([]);
    hold.retain([]);
    expect(releasedMs).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('that is cancelled never releases', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    hold.start([delay(one, 70)]);
    hold.cancel();
    hold.retain([]);
    clock.advance(500);
    expect(releasedMs).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('waits for a gate, and for the delay behind it from then on', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    const gate = new Gate();
    hold.start([gated(one, gate), delay(two, 30)]);
    clock.advance(100_000);
    expect(releasedMs).toEqual([]);
    const openedMs = clock.nowMs();
    gate.open();
    expect(releasedMs).toEqual([]);
    clock.advance(100);
    expect(releasedMs).toEqual([openedMs + 30]);
  });

  it('releases with the gate, when nothing else is left', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    const gate = new Gate();
    hold.start([gated(one, gate)]);
    gate.open();
    gate.open();
    expect(releasedMs).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('waits for a gate no longer than its limit, which counts from the end of the wait before it', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    const startMs = clock.nowMs();
    hold.start([delay(one, 50), gated(two, new Gate(), 40)]);
    clock.advance(500);
    expect(releasedMs).toEqual([startMs + 90]);
    expect(two.heldCount).toBe(0);
  });

  it('behind a gate that is open already is released, but not from within its start', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    const gate = new Gate();
    gate.open();
    hold.start([gated(one, gate)]);
    expect(releasedMs).toEqual([]);
    clock.advance(1);
    expect(releasedMs).toHaveLength(1);
  });

  it('is found by the release of its fault as long as it waits, and not after', () => {
    const clock = new VirtualClock();
    const holds = [holdOn(clock), holdOn(clock), holdOn(clock), holdOn(clock)];
    for (const { hold } of holds) hold.start([gated(one, new Gate())]);
    holds[1]?.hold.cancel();
    expect(one.heldCount).toBe(3);
    expect(one.release(2)).toBe(2);
    expect(holds.map(({ releasedMs }) => releasedMs.length)).toEqual([1, 0, 1, 0]);
    holds[3]?.hold.retain([two]);
    expect(holds[3]?.releasedMs).toHaveLength(1);
    expect(one.heldCount).toBe(0);
    expect(one.release()).toBe(0);
  });

  it('goes on so much later than its gate opens, but not later than its limit', () => {
    for (const [openMs, dueMs] of [
      [50, 70],
      [90, 100],
    ] as const) {
      const clock = new VirtualClock();
      const { hold, releasedMs } = holdOn(clock);
      const gate = new Gate();
      const startMs = clock.nowMs();
      hold.start([{ fault: one, kind: 'hold', gate, limitMs: 100, lagMs: 20 }]);
      clock.advance(openMs);
      gate.open();
      expect(releasedMs).toEqual([]);
      clock.advance(100);
      expect(releasedMs).toEqual([startMs + dueMs]);
      expect(clock.pending).toBe(0);
    }
  });
});
