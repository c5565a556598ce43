import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedAt, countUntil, highest, levelAt, piecesOf, reachedAt } from '../../../src/orchestrator/workloads/level.js';
import { seed } from '../../support/seed.js';

const ramp = piecesOf({
  level: 10,
  stages: [
    { to: 30, overMs: 2_000 },
    { to: 0, overMs: 0 },
    { to: 20, overMs: 1_000 },
  ],
});

describe('a level over time', () => {
  it('changes evenly within a stage, jumps where a stage has no length, and stays at the last', () => {
    expect([0, 1_000, 1_999, 2_000, 2_500, 3_000, 9_000].map((ms) => Math.round(levelAt(ramp, ms)))).toEqual([10, 20, 30, 0, 10, 20, 20]);
    expect(highest(ramp)).toBe(30);
  });

  it('knows when it first comes to a height', () => {
    expect(reachedAt(ramp, { level: 20, afterMs: 0 })).toBe(1_000);
    expect(reachedAt(ramp, { level: 20, afterMs: 2_000 })).toBe(3_000);
    expect(reachedAt(ramp, { level: 5, afterMs: 700 })).toBe(700);
    expect(reachedAt(ramp, { level: 31, afterMs: 0 })).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts what falls due: the area under it', () => {
    expect(countUntil(ramp, 2_000)).toBe(40);
    expect(countUntil(ramp, 3_000)).toBe(50);
    expect(countUntil(ramp, 4_000)).toBe(70);
  });

  it('does not drift: the millionth of 3/s is due to the millisecond', () => {
    expect(countedAt(piecesOf({ level: 3 }), 3_000_000)).toBe(1_000_000_000);
  });

  it('never comes to a count at a level of 0', () => {
    expect(countedAt(piecesOf({ level: 0 }), 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('finds the instant at which a count was reached, whatever the stages', () => {
    const stages = fc.array(fc.record({ to: fc.integer({ min: 0, max: 500 }), overMs: fc.integer({ min: 0, max: 5_000 }) }), {
      maxLength: 5,
    });
    const counts = fc.integer({ min: 0, max: 3_000_000 }).map((thousandths) => thousandths / 1_000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), stages, counts, (level, parts, count) => {
        const pieces = piecesOf({ level, stages: parts });
        const ms = countedAt(pieces, count);
        if (Number.isFinite(ms)) expect(countUntil(pieces, ms)).toBeCloseTo(count, 4);
        else expect(countUntil(pieces, 1e9)).toBeLessThanOrEqual(count + 1e-6);
      }),
      { seed },
    );
  });
});
