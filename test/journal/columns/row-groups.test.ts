/** Groups of rows, held against a map of lists. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowGroups } from '../../../src/journal/columns/row-groups.js';
import { seed } from '../../support/seed.js';

describe(`groups of rows (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('hold what a map of lists would, in the order in which it came', () => {
    const given = fc.array(fc.record({ row: fc.nat(1e6), group: fc.integer({ min: -1, max: 9 }) }), { maxLength: 200 });
    fc.assert(
      fc.property(given, (rows) => {
        const groups = new RowGroups(
          Uint32Array.from(rows, ({ row }) => row),
          Int32Array.from(rows, ({ group }) => group),
          10,
        );
        for (let group = 0; group < 10; group += 1) {
          const expected = rows.filter((one) => one.group === group).map(({ row }) => row);
          expect([...groups.rowsOf(group)]).toEqual(expected);
          expect(groups.map(group, (row) => row)).toEqual(expected);
          expect(groups.sizeOf(group)).toBe(expected.length);
        }
      }),
      { seed, numRuns: 200 },
    );
  });
});
