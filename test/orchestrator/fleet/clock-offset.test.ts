import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockOffset, type RoundTrip } from '../../../src/orchestrator/fleet/clock-offset.js';

/** Their clock shows `theirsAheadMs` more than ours; the two ways take their time. */
function trip(askedMs: number, given: { theirsAheadMs: number; outMs: number; stayMs?: number; backMs: number }): RoundTrip {
  const { theirsAheadMs, outMs, stayMs = 0, backMs } = given;
  const seenMs = askedMs + outMs + theirsAheadMs;
  return { askedMs, seenMs, toldMs: seenMs + stayMs, heardMs: askedMs + outMs + stayMs + backMs };
}

describe('the offset of another clock', () => {
  it('knows nothing before the first answer', () => {
    expect(new ClockOffset().estimate(0)).toBeUndefined();
  });

  it('is the middle of what one round trip leaves open, half of its way wide', () => {
    const clock = new ClockOffset({ driftMax: 0 });
    clock.add(trip(1_000, { theirsAheadMs: 500, outMs: 4, stayMs: 100, backMs: 4 }));
    expect(clock.estimate(1_108)).toEqual({ offsetMs: -500, boundMs: 4 });
  });

  it('is wrong by no more than half of the way where one direction takes all of it', () => {
    const clock = new ClockOffset({ driftMax: 0 });
    clock.add(trip(0, { theirsAheadMs: 0, outMs: 10, backMs: 0 }));
    expect(clock.estimate(10)).toEqual({ offsetMs: -5, boundMs: 5 });
  });

  it('is narrowed by round trips that were slow in different directions, below the shortest of them', () => {
    const clock = new ClockOffset({ driftMax: 0 });
    clock.add(trip(0, { theirsAheadMs: 70, outMs: 10, backMs: 1 }));
    clock.add(trip(100, { theirsAheadMs: 70, outMs: 1, backMs: 10 }));
    expect(clock.estimate(200)).toEqual({ offsetMs: -70, boundMs: 1 });
  });

  it('is not led astray by a slow round trip after a quick one', () => {
    const clock = new ClockOffset({ driftMax: 0 });
    clock.add(trip(0, { theirsAheadMs: 3, outMs: 1, backMs: 1 }));
    clock.add(trip(100, { theirsAheadMs: 3, outMs: 900, backMs: 1 }));
    expect(clock.estimate(1_001)).toEqual({ offsetMs: -3, boundMs: 1 });
  });

  it('is the same from a round trip that the other began', () => {
    const clock = new ClockOffset({ driftMax: 0 });
    expect(clock.addTheirs({ askedMs: 1_500, seenMs: 1_004, toldMs: 1_104, heardMs: 1_608 })).toBe(true);
    expect(clock.estimate(1_108)).toEqual({ offsetMs: -500, boundMs: 4 });
  });

  it('becomes less certain with time', () => {
    const clock = new ClockOffset({ driftMax: 100e-6 });
    clock.add(trip(0, { theirsAheadMs: 0, outMs: 1, backMs: 1 }));
    expect(clock.estimate(10_000)?.boundMs).toBeCloseTo(2, 9);
  });

  it('forgets what it knew when the other clock was set', () => {
    const clock = new ClockOffset({ driftMax: 0 });
    clock.add(trip(0, { theirsAheadMs: 0, outMs: 1, backMs: 1 }));
    clock.add(trip(100, { theirsAheadMs: 60_000, outMs: 5, backMs: 5 }));
    expect(clock.estimate(110)).toEqual({ offsetMs: -60_000, boundMs: 5 });
  });

  it('takes nothing from an answer that came before its question', () => {
    const clock = new ClockOffset();
    expect(clock.add({ askedMs: 10, seenMs: 0, toldMs: 0, heardMs: 9 })).toBe(false);
    expect(clock.add({ askedMs: 0, seenMs: 5, toldMs: 4, heardMs: 9 })).toBe(false);
    expect(clock.add({ askedMs: 0, seenMs: Number.NaN, toldMs: 4, heardMs: 9 })).toBe(false);
    expect(clock.estimate(10)).toBeUndefined();
  });

  it('has the true offset within its bounds, whatever the ways and the drift are', () => {
    const way = fc.double({ min: 0, max: 500, noNaN: true });
    const step = fc.record({ pauseMs: fc.double({ min: 0, max: 20_000, noNaN: true }), outMs: way, stayMs: way, backMs: way });
    const drift = fc.double({ min: -400e-6, max: 400e-6, noNaN: true });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), drift, fc.integer({ min: -1e9, max: 1e9 }), (steps, rate, startMs) => {
        const clock = new ClockOffset();
        const theirs = (oursMs: number): number => oursMs * (1 + rate) + startMs;
        let nowMs = 0;
        for (const { pauseMs, outMs, stayMs, backMs } of steps) {
          const askedMs = nowMs + pauseMs;
          nowMs = askedMs + outMs + stayMs + backMs;
          const seen = { seenMs: theirs(askedMs + outMs), toldMs: theirs(askedMs + outMs + stayMs) };
          const isTheirs = stayMs > 250;
          const theirTrip = { askedMs: theirs(askedMs), seenMs: askedMs + outMs, toldMs: askedMs + outMs + stayMs, heardMs: theirs(nowMs) };
          expect(isTheirs ? clock.addTheirs(theirTrip) : clock.add({ askedMs, ...seen, heardMs: nowMs })).toBe(true);
          const found = clock.estimate(nowMs);
          const errorMs = Math.abs(theirs(nowMs) + (found?.offsetMs ?? Number.NaN) - nowMs);
          // Doubles near a milliard have steps of a tenth of a microsecond.
          expect(errorMs).toBeLessThanOrEqual((found?.boundMs ?? Number.NaN) + 1e-3);
        }
      }),
    );
  });

  it('keeps a bounded number of round trips', () => {
    const clock = new ClockOffset();
    const startedMs = performance.now();
    for (let i = 0; i < 20_000; i++) clock.add(trip(i * 10, { theirsAheadMs: 0, outMs: 1 + i / 1e6, backMs: 1 }));
    expect(clock.estimate(200_000)?.boundMs).toBeLessThan(1.1);
    expect(performance.now() - startedMs, 'linear in what is kept, not in what came').toBeLessThan(10_000);
  });
});
