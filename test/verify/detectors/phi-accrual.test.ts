import { describe, expect, it } from 'vitest';
import { phiAccrual } from '../../../src/verify/detectors/phi-accrual.js';

describe('phiAccrual', () => {
  const settings = (over: object) => phiAccrual.schema.parse({ threshold: 8, interval: '1s', ...over });
  const heard = (beats: readonly number[], over = {}) => {
    const watch = phiAccrual.open(settings(over), 0);
    for (const [sequence, ms] of beats.entries()) watch.observe({ kind: 'heartbeat', sequence }, ms);
    return watch;
  };

  it('suspects 5.612 deviations after the mean', () => {
    const watch = heard([1_000, 2_000, 3_000]);
    expect(watch.status(3_000 + 1_000 + 561).suspected).toBe(false);
    expect(watch.status(3_000 + 1_000 + 562).suspected).toBe(true);
  });

  it('waits longer where heartbeats come irregularly', () => {
    const regular = heard([1_000, 2_000, 3_000, 4_000, 5_000]);
    const irregular = heard([500, 2_000, 2_400, 4_200, 5_000]);
    expect(irregular.status(6_500).level).toBeLessThan(regular.status(6_500).level);
  });

  it('does not learn from an outage that it had noticed', () => {
    const watch = heard([1_000, 2_000, 3_000, 60_000, 61_000]);
    expect(watch.status(61_000 + 1_562).suspected).toBe(true);
  });
});
