import { describe, expect, it } from 'vitest';
import { qualityOf, type Turn } from '../../../src/verify/detectors/quality.js';

const HOUR_MS = 3_600_000;
const turns = (...at: number[]): Turn[] => at.map((atMs, i) => ({ atMs, suspected: i % 2 === 0 }));

describe('the quality of a detector', () => {
  it('tells how soon crashes were seen, and which were not', () => {
    const crashes = [
      { fromMs: 1_000, toMs: 10_000 },
      { fromMs: 20_000, toMs: 21_000 },
    ];
    const quality = qualityOf(turns(4_000, 11_000), crashes, { fromMs: 0, toMs: 30_000 });
    expect(quality).toMatchObject({ detectionMs: [3_000, null], mistakes: 0, mistakeMs: [] });
  });

  it('counts wrong suspicions, how long they lasted, and what that leaves of the time', () => {
    const quality = qualityOf(turns(100_000, 101_000, 500_000, 504_000), [], { fromMs: 0, toMs: HOUR_MS });
    expect(quality).toMatchObject({ mistakes: 2, mistakeMs: [1_000, 4_000], mistakesPerHour: 2, mistakesPerHourMax: null });
    expect(quality.accuracy).toBeCloseTo(1 - 5_000 / HOUR_MS, 12);
  });

  it('bounds the rate of mistakes that none was seen of', () => {
    expect(qualityOf([], [], { fromMs: 0, toMs: 2 * HOUR_MS }).mistakesPerHourMax).toBeCloseTo(2.9957 / 2, 4);
  });

  it('does not call a suspicion that outlives the crash a mistake, but counts its rest as wrong', () => {
    const quality = qualityOf(turns(2_000, 15_000), [{ fromMs: 1_000, toMs: 10_000 }], { fromMs: 0, toMs: 20_000 });
    expect(quality).toMatchObject({ detectionMs: [1_000], mistakes: 0, aliveMs: 11_000 });
    expect(quality.accuracy).toBeCloseTo(1 - 5_000 / 11_000, 12);
  });

  it('takes a suspicion that was there before the crash for one that detected it at once', () => {
    expect(qualityOf(turns(500), [{ fromMs: 1_000, toMs: 9_000 }], { fromMs: 0, toMs: 9_000 }).detectionMs).toEqual([0]);
  });
});
