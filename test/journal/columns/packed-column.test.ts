/** Packed or not, a number comes back as it went in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackedColumn } from '../../../src/journal/columns/packed-column.js';
import { seed } from '../../support/seed.js';

/** More than two chunks. */
const MANY = 10_000;

function columnOf(values: readonly number[]): PackedColumn {
  const column = new PackedColumn();
  for (const value of values) column.push(value);
  return column;
}

describe(`a packed column (FAULTLAB_TEST_SEED=${seed})`, () => {
  it.each([
    ['all the same', () => 7],
    ['a byte apart', (i: number) => 1e9 + (i % 200)],
    ['two bytes apart', (i: number) => -30_000 + ((i * 37) % 60_000)],
    ['four bytes apart', (i: number) => (i * 104_729) % 2 ** 32],
    ['further apart', (i: number) => (i * 7_919_000_003) % 2 ** 50],
    ['no whole numbers', (i: number) => i / 3],
    ['beyond what is whole in a double', (i: number) => 2 ** 60 + i * 2 ** 40],
    ['no numbers at all', (i: number) => [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0][i % 4] ?? 0],
  ])('gives back numbers that are %s', (_what, valueOf) => {
    const values = Array.from({ length: MANY }, (_, i) => valueOf(i));
    const column = columnOf(values);
    expect(column.length).toBe(MANY);
    expect(values.every((value, i) => Object.is(column.at(i), value))).toBe(true);
  });

  it('gives back whatever doubles there are, one chunk wide, the next narrow', () => {
    const part = fc.oneof(
      fc.array(fc.double(), { minLength: 1, maxLength: 50 }),
      fc.array(fc.integer(), { minLength: 1, maxLength: 50 }),
      fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 50 }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const values = parts.flatMap((some) => Array.from({ length: 3_000 }, (_, i) => some[i % some.length] ?? 0));
        const column = columnOf(values);
        // −0 may come back as 0: nothing here tells them apart.
        expect(values.findIndex((value, i) => !Object.is(column.at(i) + 0, value + 0))).toBe(-1);
      }),
      { seed, numRuns: 30 },
    );
  });
});
