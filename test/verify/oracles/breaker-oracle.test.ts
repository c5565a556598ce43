import { describe, expect, it } from 'vitest';
import { type BreakerScene, forecastOpening } from '../../../src/verify/oracles/breaker-oracle.js';
import type { BreakerTrip } from '../../../src/verify/presets/models.js';

const scene = (given: Partial<BreakerScene> = {}): BreakerScene => ({
  perSecond: 50,
  failureShare: 1,
  failingMs: 0,
  durationMs: 60_000,
  ...given,
});
const opening = (trip: BreakerTrip, given?: Partial<BreakerScene>) =>
  forecastOpening({ trips: [trip], evaluated: { kind: 'onFailure' } }, scene(given));
const ratio = (given: Partial<Extract<BreakerTrip, { kind: 'ratio' }>> = {}): BreakerTrip => ({
  kind: 'ratio',
  window: { kind: 'time', lengthMs: 10_000, buckets: 10 },
  callsMin: 20,
  threshold: 0.5,
  comparison: 'atLeast',
  denominator: 'completed',
  ...given,
});

describe('whether a breaker opens', () => {
  it('by failures in a row: after as many calls, and the time of one', () => {
    expect(opening({ kind: 'consecutive', failures: 5 }, { failingMs: 30 })).toMatchObject({ kind: 'expected', afterMs: 130 });
    expect(opening({ kind: 'consecutive', failures: 5 }, { failureShare: 0.3 })).toMatchObject({ kind: 'expected' });
    expect(opening({ kind: 'consecutive', failures: 5 }, { failureShare: 0.3, durationMs: 5_000 })).toMatchObject({ kind: 'unlikely' });
  });

  it('by the share of a window in time: when that share of it has failed', () => {
    expect(opening(ratio())).toMatchObject({ kind: 'expected', afterMs: 5_000 });
    expect(opening(ratio(), { failureShare: 0.8 })).toMatchObject({ kind: 'expected', afterMs: 6_250 });
    expect(opening(ratio(), { failureShare: 0.4 })).toMatchObject({
      kind: 'never',
      because: '40 % of failures against a threshold of 50 %',
    });
  });

  it('never below its minimum of calls', () => {
    expect(opening(ratio(), { perSecond: 1 })).toMatchObject({
      kind: 'never',
      because: expect.stringContaining('about 10 calls in 10 s, and 20 are needed'),
    });
  });

  it('by the share of a window in calls: one more where it has to be above', () => {
    const window = { kind: 'count', calls: 100 } as const;
    expect(opening(ratio({ window }))).toMatchObject({ afterMs: 1_000 });
    expect(opening(ratio({ window, comparison: 'above' }))).toMatchObject({ afterMs: 1_020 });
    expect(opening(ratio({ window, comparison: 'above' }), { failureShare: 0.5 })).toMatchObject({ kind: 'never' });
  });

  it('by slow calls too, where it counts them and they do not fail', () => {
    const slow = { share: 1, tookMs: 500 };
    const counts = ratio({ slow: { fromMs: 200, threshold: 0.8 } });
    expect(opening(counts, { failureShare: 0, slow })).toMatchObject({ kind: 'expected', because: expect.stringContaining('above 200ms') });
    expect(opening(counts, { failureShare: 0, slow: { share: 1, tookMs: 150 } })).toMatchObject({ kind: 'never' });
    expect(opening(ratio(), { failureShare: 0, slow })).toMatchObject({ kind: 'never', because: 'nothing fails that it counts' });
  });

  it('as a limit only where calls pile up', () => {
    const limit: BreakerTrip = { kind: 'limit', resource: 'inFlight', max: 100 };
    expect(opening(limit, { failingMs: 100 })).toMatchObject({
      kind: 'never',
      because: expect.stringContaining('about 5 calls at a time'),
    });
    expect(opening(limit, { failingMs: 5_000 })).toMatchObject({ kind: 'expected' });
  });
});
