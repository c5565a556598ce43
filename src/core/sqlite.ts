/**
 * SQLite, from wherever this machine has it: Node's own from version 22 on, else `better-sqlite3`, which is compiled at install time where there
 * is a compiler. Both are made to look like the one that kysely's dialect expects.
 */
import { createRequire } from 'node:module';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { reasonOf } from './errors.js';

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

/** Makes the file if it is not there, and throws what SQLite says of one that it cannot open. */
export type OpenSqlite = (path: string, options?: SqliteOptions) => SqliteDatabase;

export interface SqliteOptions {
  /** Nothing is forced to the disk: what was committed outlives the process and not the machine, and nobody waits for the disk. */
  readonly processOnly?: boolean;
}

export type FoundSqlite =
  | { readonly kind: 'found'; readonly open: OpenSqlite }
  /** What was said of each driver, in one line. */
  | { readonly kind: 'none'; readonly reason: string };

/** The first of the drivers that this machine has. */
export function findSqlite(drivers: readonly SqliteDriver[] = ['node:sqlite', 'better-sqlite3']): FoundSqlite {
  const reasons: string[] = [];
  for (const driver of drivers) {
    try {
      return { kind: 'found', open: load(driver) };
    } catch (error) {
      // What follows the first line is who asked for the module.
      reasons.push(reasonOf(error).split('\n', 1)[0] ?? '');
    }
  }
  return { kind: 'none', reason: reasons.join('; ') };
}

/** Loaded when it is needed: one of the two may not be there, Node's own says that it is experimental, and the other takes time. */
function load(driver: SqliteDriver): OpenSqlite {
  return driver === 'node:sqlite' ? nodes(require('node:sqlite') as NodeSqlite) : betters(require('better-sqlite3') as BetterSqlite);
}

interface BetterDatabase extends SqliteDatabase {
  exec(sql: string): unknown;
}
type BetterSqlite = new (path: string, options: { timeout: number }) => BetterDatabase;

/** What is forced to the disk is said first, because the other setting already writes. */
function settings({ processOnly = false }: SqliteOptions = {}): string {
  return `${processOnly ? 'PRAGMA synchronous = OFF; ' : ''}PRAGMA journal_mode = WAL`;
}

function betters(Database: BetterSqlite): OpenSqlite {
  // The native part is loaded by the first database, not by the module.
  new Database(':memory:', { timeout: 0 }).close();
  return (path, options) => {
    const database = new Database(path, { timeout: BUSY_MS });
    database.exec(settings(options));
    return database;
  };
}

function nodes({ DatabaseSync }: NodeSqlite): OpenSqlite {
  return (path, options) => {
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; ${settings(options)}`);
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
