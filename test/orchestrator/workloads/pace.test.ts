import { describe, expect, it } from 'vitest';
import { constantPace } from '../../../src/orchestrator/workloads/pace.js';

describe('constant pace', () => {
  it('spaces requests evenly from the start on', () => {
    expect([0, 1, 2, 150].map((n) => constantPace(150).dueMs(n))).toEqual([0, 1_000 / 150, 2_000 / 150, 1_000]);
  });

  it('does not drift: the millionth request of 3/s is due to the millisecond', () => {
    expect(constantPace(3).dueMs(3_000_000)).toBe(1_000_000_000);
  });

  it('never sends at a rate of 0', () => {
    expect(constantPace(0).dueMs(0)).toBe(Number.POSITIVE_INFINITY);
  });
});
