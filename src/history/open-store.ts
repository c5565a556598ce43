/** Opens the run store that somebody named, with its tables as this version knows them, and fills it from the journals. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import pg from 'pg';
import { LabError, reasonOf } from '../core/errors.js';
import { findSqlite, type SqliteDriver } from '../core/sqlite.js';
import { listLive, listRuns, RunFolder } from '../journal/store.js';
import { migrate, type Tables } from './database.js';
import { JournalStore } from './journal-store.js';
import type { RunStore } from './run-store.js';
import type { RunSummary } from './run-summary.js';
import { SqlStore } from './sql-store.js';

const CONNECTIONS_MAX = 4;
const CONNECT_TIMEOUT_MS = 5_000;

export interface StoreOptions {
  /** `postgres://…`, `sqlite:FILE` or `journals`; left out: `history.db` in the folder of the runs where there is SQLite, else the journals. */
  store: string | undefined;
  /** The folder of the runs. */
  folder: string;
  /** Judges a journal. */
  summarise(run: RunFolder): Promise<RunSummary>;
  /** Told once if there is no SQLite here. */
  warn(sentence: string): void;
  drivers?: readonly SqliteDriver[];
}

/** Rejects with STORE_UNAVAILABLE, or USAGE for a name that is none. */
export async function openRunStore(options: StoreOptions): Promise<RunStore> {
  // A folder that is not there holds no run, and looking is no reason to make it.
  const { store = existsSync(options.folder) ? `sqlite:${join(options.folder, 'history.db')}` : 'journals' } = options;
  const opened = await open(store, options);
  if (opened instanceof JournalStore) return opened;
  await fill(opened, options);
  return opened;
}

async function open(store: string, { folder, summarise, warn, drivers, store: asked }: StoreOptions): Promise<RunStore> {
  const journals = new JournalStore(folder, summarise);
  if (store === 'journals') return journals;
  if (/^postgres(?:ql)?:\/\//.test(store)) return openPostgres(store);
  if (!store.startsWith('sqlite:'))
    throw new LabError('USAGE', { problem: `--store ${store}: expected postgres://…, sqlite:FILE or journals` });
  const path = store.slice('sqlite:'.length);
  const database = await attempt(path, async () => {
    const sqlite = findSqlite(drivers);
    if (sqlite.kind === 'none') return undefined;
    await mkdir(dirname(path), { recursive: true });
    return sqlite.open(path);
  });
  if (database !== undefined) return prepared(path, new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }));
  const hint = 'Node 22 has SQLite built in; on Node 20, `npm install better-sqlite3@12` needs a compiler';
  if (asked !== undefined) throw new LabError('STORE_UNAVAILABLE', { store: path, reason: `there is no SQLite here; ${hint}` });
  warn(`no SQLite here, so every journal is read: ${hint}`);
  return journals;
}

async function openPostgres(url: string): Promise<RunStore> {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS_MAX, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks while nobody uses it is nobody's news; the next query opens another.
  pool.on('error', () => {});
  return prepared(withoutPassword(url), new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }));
}

async function prepared(name: string, db: Kysely<Tables>): Promise<RunStore> {
  try {
    await attempt(name, () => migrate(db));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return new SqlStore(name, db);
}

async function attempt<T>(store: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new LabError('STORE_UNAVAILABLE', { store, reason: reasonOf(error) }, { cause: error });
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

/** Every run of the folder that has ended and is not in the store yet. */
async function fill(store: RunStore, { folder, summarise }: StoreOptions): Promise<void> {
  const known = await store.known();
  const live = new Set((await listLive(folder)).map(({ run }) => run));
  for (const run of await listRuns(folder)) {
    if (!known.has(run) && !live.has(run)) await store.put(await summarise(new RunFolder(folder, run)));
  }
}
