/** The same promises of every run store: SQLite, a real PostgreSQL, and the journals alone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeFolder } from '../../src/cli/verdict.js';
import { findSqlite } from '../../src/core/sqlite.js';
import { openRunStore } from '../../src/history/open-store.js';
import type { RunStore } from '../../src/history/run-store.js';
import { type RunSummary, summaryOf } from '../../src/history/run-summary.js';
import type { RunFolder } from '../../src/journal/store.js';
import { type Postgres, postgresPrograms, startPostgres } from '../support/postgres.js';
import { storedRun } from '../support/stored-run.js';
import { DAY_MS, FIRST_MS, summary } from '../support/summaries.js';

const isCi = process.env['CI'] === 'true';
const summarise = async (run: RunFolder): Promise<RunSummary> => summaryOf(await judgeFolder(run));

let folder: string;
let postgres: Postgres | undefined;
const programs = postgresPrograms();
const hasSqlite = findSqlite().kind === 'found';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultlab-history-'));
  if (programs !== undefined) postgres = await startPostgres(programs);
}, 60_000);
afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

let opened = 0;
/** An empty store. */
async function open(kind: 'sqlite' | 'postgres'): Promise<RunStore> {
  const store = kind === 'sqlite' ? `sqlite:${join(folder, `${opened++}.db`)}` : postgres?.url;
  const open = await openRunStore({ store, folder: join(folder, 'no-runs'), summarise, warn: () => {} });
  for (const run of await open.known()) await open.remove(run);
  return open;
}

it('what history is tested with is installed, or skipped by name', () => {
  const missing = [
    ...(programs === undefined ? ['PostgreSQL (apt-get install postgresql)'] : []),
    ...(hasSqlite ? [] : ['SQLite (npm install better-sqlite3)']),
  ];
  if (missing.length > 0) console.warn(`skipped: ${missing.join(', ')}`);
  if (isCi) expect(missing).toEqual([]);
});

describe.each([
  ['sqlite', hasSqlite],
  ['postgres', programs !== undefined],
] as const)('a run store on %s', (kind, isThere) => {
  it.skipIf(!isThere)('gives back what it was given, newest first', async () => {
    await using store = await open(kind);
    const runs = [summary(2), summary(0), summary(1)];
    for (const run of runs) await store.put(run);
    expect(await store.list()).toEqual([summary(2), summary(1), summary(0)]);
    expect(await store.known()).toEqual(new Set(runs.map(({ run }) => run)));
  });

  it.skipIf(!isThere)('keeps one row a run, with what was said last', async () => {
    await using store = await open(kind);
    await store.put(summary(0, { verdict: 'inconclusive' }));
    await store.put(summary(0, { verdict: 'fail' }));
    expect((await store.list()).map(({ verdict }) => verdict)).toEqual(['fail']);
  });

  it.skipIf(!isThere)('filters by title, verdict and time, and gives no more than it was asked for', async () => {
    await using store = await open(kind);
    for (let day = 0; day < 6; day++)
      await store.put(summary(day, { title: day % 2 === 0 ? 'even' : 'odd', verdict: day < 3 ? 'pass' : 'fail' }));
    const days = async (filter: Parameters<RunStore['list']>[0]) =>
      (await store.list(filter)).map(({ startedWallMs }) => (startedWallMs - FIRST_MS) / DAY_MS);
    expect(await days({ title: 'even' })).toEqual([4, 2, 0]);
    expect(await days({ verdict: 'pass' })).toEqual([2, 1, 0]);
    expect(await days({ beforeWallMs: FIRST_MS + 2 * DAY_MS })).toEqual([1, 0]);
    expect(await days({ limit: 2 })).toEqual([5, 4]);
    expect(await days({ title: 'none' })).toEqual([]);
  });

  it.skipIf(!isThere)('takes hostile names for what they are', async () => {
    await using store = await open(kind);
    const title = `'; DROP TABLE faultlab_run; -- "\u0000\u202e\ud83d\ude00`;
    await store.put(summary(0, { title }));
    expect((await store.list({ title })).map((run) => run.title)).toEqual([title]);
    expect((await store.list()).length).toBe(1);
  });

  it.skipIf(!isThere)('forgets a run that is removed', async () => {
    await using store = await open(kind);
    await store.put(summary(0));
    await store.remove(summary(0).run);
    expect(await store.list()).toEqual([]);
  });
});

describe('opening a run store', () => {
  it.skipIf(!hasSqlite)('fills it from the journals, and again after it was deleted', async () => {
    await using run = await storedRun({ matched: 3 });
    for (let n = 0; n < 2; n++) {
      await using store = await openRunStore({ store: undefined, folder: run.out, summarise, warn: () => {} });
      expect((await store.list()).map(({ run: id, verdict }) => [id, verdict])).toEqual([[run.folder.run, 'pass']]);
      for (const end of ['', '-wal', '-shm']) await rm(join(run.out, `history.db${end}`), { force: true });
    }
  });

  it.skipIf(!hasSqlite)('leaves a run alone that says it is alive', async () => {
    await using run = await storedRun({ matched: 3 });
    await run.folder.writeLive({ run: run.folder.run, pid: process.pid, startTicks: '1', startedWallMs: 0, daemonUrl: '', processes: [] });
    await using store = await openRunStore({ store: undefined, folder: run.out, summarise, warn: () => {} });
    expect(await store.list()).toEqual([]);
  });

  it('reads the journals where there is no SQLite, and says so', async () => {
    await using run = await storedRun({ matched: 3 });
    const warnings: string[] = [];
    await using store = await openRunStore({ store: undefined, folder: run.out, summarise, warn: (w) => warnings.push(w), drivers: [] });
    expect((await store.list()).map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(await store.list({ verdict: 'fail' })).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('no SQLite here')]);
  });

  it('refuses to do without one that was asked for by name', async () => {
    const store = `sqlite:${join(folder, 'asked.db')}`;
    await expect(openRunStore({ store, folder, summarise, warn: () => {}, drivers: [] })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });

  it.each([
    ['mysql://x', 'USAGE'],
    ['postgres://nobody@127.0.0.1:1/x', 'STORE_UNAVAILABLE'],
    ['postgres://user:secret@127.0.0.1:1/x', 'STORE_UNAVAILABLE'],
  ])('says what is wrong with %s', async (store, code) => {
    const failed = await openRunStore({ store, folder, summarise, warn: () => {} }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code });
    expect(String(failed)).not.toContain('secret');
  });

  it.skipIf(!hasSqlite)('refuses a file that is no database, and leaves it as it is', async () => {
    const path = join(folder, 'not-a.db');
    await writeFile(path, 'a text that is longer than the head of an SQLite database would be, to be sure of it');
    await expect(openRunStore({ store: `sqlite:${path}`, folder, summarise, warn: () => {} })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });
});
