import { describe, expect, it } from 'vitest';
import { drawStream, hash32, keyedDraw } from '../../src/core/random.js';

const draws = (seed: number, faultId: string, count = 20_000): number[] => {
  const draw = keyedDraw({ seed, faultId });
  return Array.from({ length: count }, (_, ordinal) => draw('inventory-3', ordinal));
};

describe('keyed draws', () => {
  it('depend on seed, fault, key and ordinal, and on nothing else', () => {
    const draw = keyedDraw({ seed: 1, faultId: 'a' });
    const before = draw('k', 7);
    draw('other', 1);
    draw('k', 8);
    expect(draw('k', 7)).toBe(before);
    expect(
      new Set([
        before,
        draw('k', 8),
        draw('l', 7),
        keyedDraw({ seed: 2, faultId: 'a' })('k', 7),
        keyedDraw({ seed: 1, faultId: 'b' })('k', 7),
      ]).size,
    ).toBe(5);
  });

  it('are uniform: every tenth of the range gets its share', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const u of draws(42, 'gray')) counts[Math.floor(u * 10)] = (counts[Math.floor(u * 10)] ?? 0) + 1;
    // 2,000 expected in each; six standard deviations are 255.
    expect(Math.max(...counts.map((count) => Math.abs(count - 2_000)))).toBeLessThan(255);
  });

  it('of neighbouring ordinals are unrelated: pairs fill the square evenly', () => {
    const values = draws(7, 'pairs');
    const cells = Array.from({ length: 16 }, () => 0);
    for (let i = 1; i < values.length; i++) {
      const cell = Math.floor((values[i] ?? 0) * 4) * 4 + Math.floor((values[i - 1] ?? 0) * 4);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    expect(Math.max(...cells.map((count) => Math.abs(count - 1_250)))).toBeLessThan(220);
  });

  it('keep the 10 % cohort inside the 20 % cohort', () => {
    const values = draws(3, 'ramp');
    const cohort = (percentage: number) => new Set(values.flatMap((u, i) => (u * 100 < percentage ? [i] : [])));
    const small = cohort(10);
    const large = cohort(20);
    expect([...small].every((i) => large.has(i))).toBe(true);
    expect(large.size).toBeGreaterThan(small.size);
  });

  it('come as a stream whose ordinal counts by itself', () => {
    const draw = keyedDraw({ seed: 1, faultId: 'a' });
    const next = drawStream(draw, 'k');
    expect([next(), next()]).toEqual([draw('k', 0), draw('k', 1)]);
  });

  it('hash like MurmurHash3 over UTF-16 units: fixed values, so that no refactoring swaps victims', () => {
    expect([hash32(0, ''), hash32(1, ''), hash32(0, 'ab'), hash32(0, 'abc')]).toMatchInlineSnapshot(`
      [
        0,
        1364076727,
        374890698,
        1118836419,
      ]
    `);
  });
});
