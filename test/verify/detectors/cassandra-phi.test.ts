import { describe, expect, it } from 'vitest';
import { cassandraPhi } from '../../../src/verify/detectors/cassandra-phi.js';
import type { Watch } from '../../../src/verify/detectors/detector.js';

describe('cassandraPhi', () => {
  const beatsAt = (times: readonly number[], over = {}) => {
    const watch = cassandraPhi.open(cassandraPhi.schema.parse(over), 0);
    for (const [sequence, ms] of times.entries()) watch.observe({ kind: 'heartbeat', sequence }, ms);
    return watch;
  };
  /** Asked every second, as a gossiper does; a longer gap between questions would look like a sleep. */
  const convictedAfterMs = (watch: Watch, fromMs: number): number => {
    for (let ms = fromMs; ; ms += 10) if (watch.status(ms).suspected) return ms - fromMs;
  };
  const steady = Array.from({ length: 1_100 }, (_, i) => i * 1_000);

  it.each([
    [5, 11_520],
    [8, 18_430],
    [12, 27_640],
    [16, 36_850],
  ])('convicts at phi %i after so much silence', (phiConvictThreshold, silentMs) => {
    expect(convictedAfterMs(beatsAt(steady, { phiConvictThreshold, maxLocalPause: '24h' }), 1_099_000)).toBe(silentMs);
  });

  it('waits longer while it still rests on its first guess', () => {
    const early = (n: number) => convictedAfterMs(beatsAt(steady.slice(0, n + 1), { maxLocalPause: '24h' }), n * 1_000);
    expect([early(1), early(2), early(3)]).toEqual([27_640, 24_570, 23_030]);
  });

  it('forgets an interval that is too long', () => {
    expect(convictedAfterMs(beatsAt([...steady, 1_160_000, 1_161_000], { maxLocalPause: '24h' }), 1_161_000)).toBe(18_430);
  });

  it('convicts nobody right after it was itself asleep', () => {
    const watch = beatsAt(steady);
    expect(watch.status(1_099_000 + 60_000).suspected).toBe(false);
    expect(watch.status(1_099_000 + 64_000).suspected).toBe(false);
    expect(watch.status(1_099_000 + 65_000).suspected).toBe(true);
  });
});
