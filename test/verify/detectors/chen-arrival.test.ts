import { describe, expect, it } from 'vitest';
import { chenArrival } from '../../../src/verify/detectors/chen-arrival.js';

describe('chenArrival', () => {
  const opened = (over = {}) => chenArrival.open(chenArrival.schema.parse({ interval: '1s', margin: '500ms', ...over }), 0);

  it('expects the next heartbeat by the mean delay of the last ones, and grants the margin', () => {
    const watch = opened();
    for (const [sequence, delayMs] of [10, 30, 20].entries()) watch.observe({ kind: 'heartbeat', sequence }, sequence * 1_000 + delayMs);
    expect(watch.status(3_000 + 20 + 500).suspected).toBe(false);
    expect(watch.status(3_000 + 20 + 501).suspected).toBe(true);
  });

  it('is not set back by a heartbeat that was overtaken', () => {
    const watch = opened({ samples: 1 });
    watch.observe({ kind: 'heartbeat', sequence: 5 }, 5_000);
    watch.observe({ kind: 'heartbeat', sequence: 4 }, 5_100);
    expect(watch.status(6_500).suspected).toBe(false);
  });

  it('needs no clock that agrees with the sender’s', () => {
    const watch = opened();
    for (let sequence = 0; sequence < 5; sequence++) watch.observe({ kind: 'heartbeat', sequence }, 7_000_000 + sequence * 1_000);
    expect([watch.status(7_005_400).suspected, watch.status(7_005_501).suspected]).toEqual([false, true]);
  });
});
