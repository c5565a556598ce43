/** Rows in order, held against the sort of the language. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstWhere, rowsInOrder } from '../../../src/journal/columns/row-order.js';
import { seed } from '../../support/seed.js';

const sorted = (keys: readonly number[]): number[] => [...rowsInOrder(keys.length, (a, b) => (keys[a] ?? 0) > (keys[b] ?? 0))];
const expected = (keys: readonly number[]): number[] => [...keys.keys()].sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);

describe(`rows in order (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('sorts like a stable sort: any keys, many of them the same, or nearly in order', () => {
    const few = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 300 });
    const any = fc.array(fc.double({ noNaN: true }), { maxLength: 300 });
    const nearly = fc.array(fc.nat(40), { maxLength: 1_000 }).map((late) => late.map((by, i) => i + by));
    fc.assert(
      fc.property(fc.oneof(few, any, nearly), (keys) => {
        expect(sorted(keys)).toEqual(expected(keys));
      }),
      { seed, numRuns: 500 },
    );
  });

  it('looks at rows in order about once, and at a late one a few times', () => {
    const count = (keys: readonly number[]): number => {
      let looks = 0;
      rowsInOrder(keys.length, (a, b) => {
        looks += 1;
        return (keys[a] ?? 0) > (keys[b] ?? 0);
      });
      return looks;
    };
    const ordered = Array.from({ length: 20_000 }, (_, i) => i);
    expect(count(ordered)).toBeLessThan(1.1 * ordered.length);
    expect(count(ordered.map((i) => i + 30 * (i % 7)))).toBeLessThan(12 * ordered.length);
  });

  it('finds the first index from which on something is so, and the end if it never is', () => {
    expect([firstWhere(2, 10, (i) => i >= 5), firstWhere(2, 10, () => true), firstWhere(2, 10, () => false)]).toEqual([5, 2, 10]);
  });
});
