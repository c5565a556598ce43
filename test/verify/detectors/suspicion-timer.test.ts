import { describe, expect, it } from 'vitest';
import { confirmationsNeeded, suspicionMinMs, suspicionMs } from '../../../src/verify/detectors/suspicion-timer.js';

const lan = (members: number) => ({ members, probeInterval: 1_000, suspicionMult: 4, suspicionMaxTimeoutMult: 6 });
const wan = (members: number) => ({ members, probeInterval: 5_000, suspicionMult: 6, suspicionMaxTimeoutMult: 6 });

describe('memberlist’s time to refute', () => {
  it.each([
    [5, [24_000, 11_381, 4_000]],
    [10, [24_000, 11_381, 4_000]],
    [100, [48_000, 22_763, 8_000]],
  ])('shrinks with confirmations in a LAN of %i', (members, expected) => {
    const seen = [0, 1, 2].map((confirmations) => suspicionMs(lan(members), confirmations));
    for (const [at, ms] of seen.entries())
      expect(Math.abs(ms - (expected[at] ?? Number.NaN)), `${at} confirmations`).toBeLessThanOrEqual(1);
  });

  it('is the shortest where there is nobody to confirm', () => {
    expect([confirmationsNeeded(lan(3)), suspicionMs(lan(3), 0)]).toEqual([0, 4_000]);
  });

  it('is long in a WAN', () => {
    expect([suspicionMinMs(wan(5)), suspicionMs({ ...wan(9) }, 0)]).toEqual([30_000, 180_000]);
  });

  it.each([
    [50, 5_094],
    [500, 8_094],
  ])('grows with the logarithm of the members: %i', (members, minMs) => {
    expect(suspicionMinMs({ ...lan(members), suspicionMult: 3 })).toBeCloseTo(minMs, 6);
  });
});
