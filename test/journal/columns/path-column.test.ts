/** Paths, kept whole or around the names of their requests, come back as they were. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathColumn } from '../../../src/journal/columns/path-column.js';
import { StringTable } from '../../../src/journal/columns/string-table.js';
import { pathOf } from '../../../src/journal/probe-paths.js';
import { seed } from '../../support/seed.js';

interface Named {
  path: string;
  name: string | undefined;
}

function columnOf(given: readonly Named[]): { column: PathColumn; strings: StringTable } {
  const strings = new StringTable();
  const column = new PathColumn(strings);
  for (const { path, name } of given) column.push(path, name);
  return { column, strings };
}

const part = fc.constantFrom('', '/', '/a', '/health', '?', '?x=1', 'k1', 'k22', '€');
const path = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
const named = fc.record({ path, name: fc.option(part, { nil: undefined }) });

describe(`a column of paths (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('gives each back with the name that it was given with', () => {
    fc.assert(
      fc.property(fc.array(named, { maxLength: 50 }), (given) => {
        const { column } = columnOf(given);
        expect(given.map(({ name }, row) => column.at(row, name))).toEqual(given.map((one) => one.path));
      }),
      { seed, numRuns: 300 },
    );
  });

  it('says of none that it is not one of some, where it is', () => {
    fc.assert(
      fc.property(fc.array(named, { maxLength: 50 }), fc.array(path, { maxLength: 4 }), (given, wanted) => {
        const paths = new Set(wanted.map(pathOf));
        const mayBe = columnOf(given).column.mayBe(paths);
        for (const [row, one] of given.entries()) if (paths.has(pathOf(one.path))) expect(mayBe(row), `${one.path} ${one.name}`).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('keeps nothing of a path that holds its name but what stands around it, as long as that is not something else each time', () => {
    const usual = Array.from({ length: 10_000 }, (_, i) => ({ path: `/stock/k${i}?full`, name: `k${i}` }));
    const odd = Array.from({ length: 10_000 }, (_, i) => ({ path: `/${i}/k${i}`, name: `k${i}` }));
    const { column, strings } = columnOf([...usual, ...odd]);
    expect(strings.size).toBeGreaterThan(5_000);
    expect(strings.size).toBeLessThan(6_000);
    expect([...usual, ...odd].findIndex(({ path, name }, row) => column.at(row, name) !== path)).toBe(-1);
  });
});
