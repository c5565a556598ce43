import { describe, expect, it } from 'vitest';
import { OBSERVATIONS_MAX, ObservationRing } from '../../src/dataplane/observation-ring.js';
import type { Observation } from '../../src/journal/observations.js';
import { VirtualClock } from '../support/clock.js';

const seen = (n: number): Observation => ({
  kind: 'fault',
  fault: String(n),
  run: 'r',
  change: 'applied',
  atMs: n,
  matched: 0,
  appliedCount: 0,
  skipped: 0,
});
const request: Observation = {
  kind: 'exchange',
  link: 'a->b',
  from: 'a',
  to: 'b',
  connection: 1,
  ordinal: 1,
  bytesUp: 0,
  bytesDown: 0,
  method: 'GET',
  path: '/',
  startMs: 0,
  endMs: 1,
  end: 'complete',
};
const ids = (observations: readonly Observation[]) => observations.map((o) => (o.kind === 'fault' ? Number(o.fault) : Number.NaN));

describe('the observation ring', () => {
  it('gives each reader what came after its own place', () => {
    const ring = new ObservationRing(new VirtualClock(), 10);
    for (let n = 1; n <= 5; n++) ring.push(seen(n));
    const first = ring.read(0, 3);
    expect([ids(first.observations), first.next, first.lost]).toEqual([[1, 2, 3], 3, 0]);
    const second = ring.read(first.next, 3);
    expect([ids(second.observations), second.next, second.lost]).toEqual([[4, 5], 5, 0]);
    expect(ring.read(5, 3)).toEqual({ observations: [], next: 5, lost: 0 });
  });

  it('overwrites the oldest at its bound and tells a late reader how many it lost', () => {
    const ring = new ObservationRing(new VirtualClock(), 10);
    for (let n = 1; n <= 25; n++) ring.push(seen(n));
    const page = ring.read(3, 100);
    expect([ids(page.observations), page.lost, page.next]).toEqual([[16, 17, 18, 19, 20, 21, 22, 23, 24, 25], 12, 25]);
  });

  it('holds no more than its bound after a day at 1,000 observations a second, and says what it lost', { timeout: 60_000 }, () => {
    const clock = new VirtualClock();
    const ring = new ObservationRing(clock);
    for (let second = 1; second <= 86_400; second++) {
      const observation = seen(second);
      for (let n = 0; n < 1_000; n++) ring.push(observation);
      clock.advance(1_000);
    }
    const page = ring.read(0, Number.POSITIVE_INFINITY);
    expect(page.observations).toHaveLength(OBSERVATIONS_MAX);
    expect(page.lost).toBe(86_400_000 - OBSERVATIONS_MAX);
    expect(ids(page.observations.slice(0, 1))).toEqual([86_400 - OBSERVATIONS_MAX / 1_000 + 1]);
  });

  it('wakes a waiting reader a moment after the first observation, with all that came', async () => {
    const clock = new VirtualClock();
    const ring = new ObservationRing(clock, 10);
    const page = ring.readOrWait({ after: 0, max: 10, waitMs: 1_000 });
    ring.push(seen(1));
    clock.advance(10);
    ring.push(seen(2));
    clock.advance(20);
    expect(ids((await page).observations)).toEqual([1, 2]);
    clock.advance(5_000);
    expect(clock.pending).toBe(0);
  });

  it('collects traffic for a moment, also for a reader that comes when some is there, and hands over other news before', async () => {
    const clock = new VirtualClock();
    const ring = new ObservationRing(clock, 10);
    ring.push(request);
    let isRead = false;
    const page = ring.readOrWait({ after: 0, max: 10, waitMs: 1_000 }).finally(() => {
      isRead = true;
    });
    clock.advance(190);
    ring.push(request);
    await Promise.resolve();
    expect(isRead).toBe(false);
    clock.advance(10);
    expect((await page).observations).toHaveLength(2);
    const next = ring.readOrWait({ after: 2, max: 10, waitMs: 1_000 });
    ring.push(request);
    ring.push(seen(4));
    clock.advance(20);
    expect((await next).observations).toHaveLength(2);
    clock.advance(1_000);
    expect([clock.pending, (await ring.readOrWait({ after: 3, max: 10, waitMs: 1_000 })).observations]).toEqual([0, [seen(4)]]);
  });

  it('keeps no reader waiting who would get a full page', async () => {
    const ring = new ObservationRing(new VirtualClock(), 10);
    for (let n = 0; n < 5; n++) ring.push(request);
    expect((await ring.readOrWait({ after: 0, max: 5, waitMs: 1_000 })).observations).toHaveLength(5);
  });

  it('lets a waiting reader go after its time, and at once when it hangs up', async () => {
    const clock = new VirtualClock();
    const ring = new ObservationRing(clock, 10);
    const timed = ring.readOrWait({ after: 0, max: 10, waitMs: 1_000 });
    const stop = new AbortController();
    const aborted = ring.readOrWait({ after: 0, max: 10, waitMs: 60_000, signal: stop.signal });
    stop.abort();
    expect((await aborted).observations).toEqual([]);
    clock.advance(1_000);
    expect((await timed).observations).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
