import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FoundSqlite, findSqlite } from '../../../src/core/sqlite.js';
import { openRecords } from '../../../src/lab/shop/records.js';

const sqlite = findSqlite();
const hasSqlite = sqlite.kind === 'found';
const noSqlite = (): FoundSqlite => ({ kind: 'none', reason: 'it was not built' });

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'faultlab-records-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Opens the folder, keeps the records in it, and closes it in order. */
async function keep(folder: string, records: Readonly<Record<string, string>>, find = () => sqlite): Promise<void> {
  const opened = await openRecords(folder, find);
  await using kept = opened.records;
  for (const [key, state] of Object.entries(records)) await kept.put(key, state);
}

describe.each([
  [{ engine: 'sqlite' }, () => sqlite, hasSqlite],
  [{ engine: 'log', reason: 'it was not built' }, noSqlite, true],
] as const)('records kept as %o', (engine, find, isThere) => {
  it.skipIf(!isThere)('are there again when they are opened anew, each with its last word, whatever it is', async () => {
    const folder = join(await newFolder(), 'not', 'there', 'yet');
    await keep(folder, { a: 'paid', "b'; drop table records --": 'Ωdd\n\u0000 "text"' }, find);
    await keep(folder, { a: 'sent' }, find);
    const opened = await openRecords(folder, find);
    await using records = opened.records;
    expect(records.size).toBe(2);
    expect(['a', "b'; drop table records --", 'c'].map((key) => records.get(key))).toEqual(['sent', 'Ωdd\n\u0000 "text"', undefined]);
  });

  it.skipIf(!isThere)('are those of the moment where the folder was copied while they were open', async () => {
    const folder = await newFolder();
    const copy = join(folder, 'copy');
    const opened = await openRecords(join(folder, 'data'), find);
    await using records = opened.records;
    expect(opened.engine).toEqual(engine);
    await records.put('a', 'paid');
    await cp(join(folder, 'data'), copy, { recursive: true });
    await records.put('a', 'sent');
    const stale = await openRecords(copy, find);
    await using copied = stale.records;
    expect([records.get('a'), copied.get('a')]).toEqual(['sent', 'paid']);
    await copied.put('b', 'paid');
    expect([records.size, copied.size]).toEqual([1, 2]);
  });

  it.skipIf(!isThere)('begin anew where the folder was emptied', async () => {
    const folder = join(await newFolder(), 'data');
    await keep(folder, { a: 'paid' }, find);
    await rm(folder, { recursive: true });
    const opened = await openRecords(folder, find);
    await using records = opened.records;
    expect([records.size, records.get('a')]).toEqual([0, undefined]);
  });

  it.skipIf(!isThere)('cannot be kept in a folder that is none', async () => {
    const file = join(await newFolder(), 'file');
    await writeFile(file, '');
    await expect(openRecords(file, find)).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});

it('records without a folder are in memory', async () => {
  const opened = await openRecords(undefined, () => expect.unreachable('nobody has to look for SQLite'));
  await using records = opened.records;
  await records.put('a', 'paid');
  expect([opened.engine, records.get('a'), records.size]).toEqual([{ engine: 'memory' }, 'paid', 1]);
});

describe.skipIf(!hasSqlite)('a database that cannot be read', () => {
  /** What the file `records.db` holds in place of what it should. */
  async function refusedWith(content: string): Promise<void> {
    const folder = await newFolder();
    const file = join(folder, 'records.db');
    await writeFile(file, content);
    await expect(openRecords(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', details: { file } });
    expect(await readFile(file, 'utf8')).toBe(content);
  }

  it('is refused and left alone where it is something else', () =>
    refusedWith('no database, and longer than the head of one would be: '.repeat(20)));

  it('is refused and left alone where only its head was written', () => refusedWith('SQLite format 3\u0000'));

  it.each([
    ['only a part is there', (file: string) => truncate(file, 9_000)],
    ['a page was written over', (file: string) => overwrite(file, 4_096)],
  ])('is refused where %s', async (_, damage) => {
    const folder = await newFolder();
    await keep(folder, Object.fromEntries(Array.from({ length: 500 }, (_unused, i) => [`key-${i}`, 'x'.repeat(50)])));
    expect(await readdir(folder)).toEqual(['records.db']);
    await damage(join(folder, 'records.db'));
    const message = expect.stringMatching(/records\.db: cannot be read: .*(malformed|damaged).*; move the file away/s);
    await expect(openRecords(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message });
  });

  it('is refused where it is another program’s', async () => {
    const folder = await newFolder();
    if (sqlite.kind === 'none') return;
    const other = sqlite.open(join(folder, 'records.db'));
    other.prepare('create table records (id integer)').run([]);
    other.close();
    await expect(openRecords(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('no column') });
  });
});

async function overwrite(file: string, from: number): Promise<void> {
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(0xa5, from, from + 4_096));
}

describe.skipIf(!hasSqlite)('a folder goes on with what it was begun with', () => {
  it('a log also where there is SQLite by now', async () => {
    const folder = await newFolder();
    await keep(folder, { a: 'paid' }, noSqlite);
    const opened = await openRecords(folder);
    await using records = opened.records;
    expect([opened.engine, records.get('a')]).toEqual([{ engine: 'log', reason: 'the folder has a records.jsonl' }, 'paid']);
  });

  it('a database never where there is no SQLite any more: it is refused instead of beginning without its records', async () => {
    const folder = await newFolder();
    await keep(folder, { a: 'paid' });
    const message = expect.stringMatching(/records\.db: cannot be read: there is no SQLite here: it was not built/);
    await expect(openRecords(folder, noSqlite)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message });
    expect(await readdir(folder)).toEqual(['records.db']);
  });
});
