import { describe, expect, it } from 'vitest';
import { Hold } from '../../../src/dataplane/http/hold.js';
import { roughClock, VirtualClock } from '../../support/clock.js';
import { activeFault } from '../../support/tcp.js';

const one = activeFault({ id: 'one', type: 'delay', value: { delay: '1s' } });
const two = activeFault({ id: 'two', type: 'delay', value: { delay: '1s' } });

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
      hold.start([
        { fault: one, delayMs: 70 },
        { fault: two, delayMs: 30 },
      ]);
      clock.advance(500);
      expect(releasedMs, `seed ${seed}`).toHaveLength(1);
      expect((releasedMs[0] ?? 0) - startMs, `seed ${seed}`).toBeGreaterThanOrEqual(100);
      expect(clock.pending).toBe(0);
    }
  });

  it('forgets the delay of a fault that is gone, and keeps those of the others', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    hold.start([
      { fault: one, delayMs: 70 },
      { fault: two, delayMs: 30 },
    ]);
    clock.advance(10);
    hold.retain([two]);
    expect(releasedMs).toEqual([]);
    clock.advance(20);
    expect(releasedMs).toHaveLength(1);
  });

  it('releases at once when no delay is left', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    hold.start([{ fault: one, delayMs: 70 }]);
    hold.retain([]);
    hold.retain([]);
    expect(releasedMs).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('that is cancelled never releases', () => {
    const clock = new VirtualClock();
    const { hold, releasedMs } = holdOn(clock);
    hold.start([{ fault: one, delayMs: 70 }]);
    hold.cancel();
    hold.retain([]);
    clock.advance(500);
    expect(releasedMs).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
