import { describe, expect, it } from 'vitest';
import { nodeLease } from '../../../src/verify/detectors/node-lease.js';

describe('nodeLease', () => {
  const renewedUntil = (lastMs: number) => {
    const watch = nodeLease.open({ monitorPeriod: 5_000, gracePeriod: 40_000 }, 0);
    for (let ms = 0; ms <= lastMs; ms += 10_000) watch.observe({ kind: 'heartbeat', sequence: ms / 10_000 }, ms);
    return watch;
  };

  it('sees a lost node only when the controller comes by', () => {
    const watch = renewedUntil(60_000);
    expect([104_999, 105_000].map((ms) => watch.status(ms).suspected)).toEqual([false, true]);
  });

  it('holds it for lost until the next round, although it was renewed', () => {
    const watch = renewedUntil(60_000);
    expect(watch.status(106_000).suspected).toBe(true);
    watch.observe({ kind: 'heartbeat', sequence: 7 }, 107_000);
    expect([109_999, 110_000].map((ms) => watch.status(ms).suspected)).toEqual([true, false]);
  });

  it('sees what the controller saw, whenever it is asked', () => {
    const watch = renewedUntil(60_000);
    watch.observe({ kind: 'heartbeat', sequence: 7 }, 107_000);
    expect(watch.status(107_000).suspected).toBe(true);
  });
});
