import { describe, expect, it } from 'vitest';
import { fixedTimeout } from '../../../src/verify/detectors/fixed-timeout.js';

describe('fixedTimeout', () => {
  it('trusts up to the time-out and suspects beyond it', () => {
    const watch = fixedTimeout.open({ timeout: 3_000 }, 0);
    watch.observe({ kind: 'heartbeat', sequence: 0 }, 1_000);
    expect(watch.status(4_000)).toEqual({ suspected: false, level: 1 });
    expect(watch.status(4_001).suspected).toBe(true);
  });

  it('counts from the start while nothing was heard', () => {
    expect(fixedTimeout.open({ timeout: 3_000 }, 10_000).status(13_001).suspected).toBe(true);
  });
});
