// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates of a plan look like this
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRows, readRows, rowChooser } from '../../../src/orchestrator/workloads/rows.js';

const rows = parseRows('\ufeffuser, city\r\nann,"Rome, IT"\r\n\r\nbob,"say ""hi"""\r\n');

describe('rows', () => {
  it('are read as CSV has them: quotes, commas and line ends within, a byte order mark before', () => {
    expect(rows.map((row) => Object.fromEntries(row))).toEqual([
      { user: 'ann', city: 'Rome, IT' },
      { user: 'bob', city: 'say "hi"' },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['column names alone', 'user,city\n'],
    ['a row with a value too few', 'user,city\nann\n'],
    ['a quote without an end', 'user\n"ann\n'],
  ])('are refused where there is %s', (_what, text) => {
    expect(() => parseRows(text)).toThrow();
  });

  it('take turns, or are drawn by the seed', () => {
    const turns = rowChooser(rows, { order: 'sequence', seed: 1, scenario: 'load' });
    expect([0, 1, 2].map((n) => turns(n)?.get('user'))).toEqual(['ann', 'bob', 'ann']);
    const drawn = (seed: number) => {
      const choose = rowChooser(rows, { order: 'random', seed, scenario: 'load' });
      return Array.from({ length: 100 }, (_, n) => choose(n)?.get('user'));
    };
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
    expect(new Set(drawn(1))).toEqual(new Set(['ann', 'bob']));
  });

  it('of a file are checked for the columns that the requests name', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'rows-')), 'users.csv');
    await writeFile(file, 'user,city\nann,Rome\n');
    expect(await readRows({ file, order: 'sequence' }, ['/${row.user}/${key}'])).toHaveLength(1);
    await expect(readRows({ file, order: 'sequence' }, ['/${row.usr}'])).rejects.toThrow(/there is no column "usr"; did you mean "user"/);
    await expect(readRows({ file: `${file}.gone`, order: 'sequence' }, [])).rejects.toMatchObject({ code: 'WORKLOAD_FAILED' });
  });
});
