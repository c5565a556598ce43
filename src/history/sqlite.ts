/**
 * SQLite, from wherever this machine has it: Node's own from version 22 on, else `better-sqlite3`, which is compiled at install time where there
 * is a compiler. Both are made to look like the one that kysely's dialect expects.
 */
import { createRequire } from 'node:module';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** The part of `node:sqlite` that is used here; its types are not those of the oldest Node that we run on. */
interface NodeDatabase {
  prepare(sql: string): {
    all(...parameters: unknown[]): unknown[];
    run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
    columns(): unknown[];
    iterate(...parameters: unknown[]): IterableIterator<unknown>;
  };
  exec(sql: string): void;
  close(): void;
}
interface NodeSqlite {
  DatabaseSync: new (path: string) => NodeDatabase;
}

/** Another process may be writing; so long it is waited for. */
const BUSY_MS = 5_000;

const require = createRequire(import.meta.url);

export type SqliteDriver = 'node:sqlite' | 'better-sqlite3';

/** Undefined where this machine has no SQLite. The file is made if it is not there. Throws what SQLite says of one that it cannot open. */
export function openSqlite(path: string, drivers: readonly SqliteDriver[] = ['node:sqlite', 'better-sqlite3']): SqliteDatabase | undefined {
  for (const driver of drivers) {
    const open = loaded(driver);
    if (open !== undefined) return open(path);
  }
  return undefined;
}

function loaded(driver: SqliteDriver): ((path: string) => SqliteDatabase) | undefined {
  try {
    // Loaded when it is needed: one of the two may not be there, and Node's own says that it is experimental.
    return driver === 'node:sqlite' ? nodes(require('node:sqlite') as NodeSqlite) : betters(require('better-sqlite3') as BetterSqlite);
  } catch {
    return undefined;
  }
}

interface BetterDatabase extends SqliteDatabase {
  pragma(text: string): unknown;
}
type BetterSqlite = new (path: string, options: { timeout: number }) => BetterDatabase;

function betters(Database: BetterSqlite): (path: string) => SqliteDatabase {
  // The native part is loaded by the first database, not by the module.
  new Database(':memory:', { timeout: 0 }).close();
  return (path) => {
    const database = new Database(path, { timeout: BUSY_MS });
    database.pragma('journal_mode = WAL');
    return database;
  };
}

function nodes({ DatabaseSync }: NodeSqlite): (path: string) => SqliteDatabase {
  return (path) => {
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL`);
    return {
      close: () => database.close(),
      prepare: (sql): SqliteStatement => {
        const statement = database.prepare(sql);
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...parameters),
          run: (parameters) => statement.run(...parameters),
          iterate: (parameters) => statement.iterate(...parameters),
        };
      },
    };
  };
}
