import { expect, test } from 'vitest';
import { Alarm } from '../../src/dataplane/alarm.js';
import { roughClock, VirtualClock } from '../support/clock.js';

test('rings once, and never early, on a clock whose timers come early', () => {
  for (let seed = 0; seed < 200; seed++) {
    const clock = roughClock(seed);
    const rungMs: number[] = [];
    const dueMs = clock.nowMs() + 5;
    new Alarm(clock, () => rungMs.push(clock.nowMs())).set(dueMs);
    clock.advance(50);
    expect(rungMs, `seed ${seed}`).toHaveLength(1);
    expect(rungMs[0], `seed ${seed}`).toBeGreaterThanOrEqual(dueMs);
  }
});

test('a later setting replaces an earlier one, and cancelling leaves no timer', () => {
  const clock = new VirtualClock();
  let rung = 0;
  const alarm = new Alarm(clock, () => {
    rung += 1;
  });
  alarm.set(clock.nowMs() + 5);
  alarm.set(clock.nowMs() + 10);
  expect(clock.pending).toBe(1);
  clock.advance(9);
  expect(rung).toBe(0);
  clock.advance(1);
  expect(rung).toBe(1);
  alarm.set(clock.nowMs() + 5);
  alarm.cancel();
  expect(clock.pending).toBe(0);
});

test('for ever needs no timer', () => {
  const clock = new VirtualClock();
  new Alarm(clock, () => {}).set(Number.POSITIVE_INFINITY);
  expect(clock.pending).toBe(0);
});
