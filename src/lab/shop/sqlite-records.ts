/**
 * Records by key in an SQLite database, one transaction each: what `put` has resolved for outlives the process. It need not outlive the machine, and must not wait
 * for its disk: SQLite works in the thread that asks it, and runs side by side would hold up each other's stores.
 */
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { LabError, reasonOf } from '../../core/errors.js';
import type { OpenSqlite } from '../../core/sqlite.js';
import type { Records } from './records.js';

const TABLE = 'create table if not exists records (key text primary key, state text not null) strict, without rowid';
const PUT = 'insert into records (key, state) values (?, ?) on conflict (key) do update set state = excluded.state';
const GET = 'select state from records where key = ?';
const COUNT = 'select count(*) as count from records';

export class SqliteRecords implements Records {
  readonly #database: SqliteDatabase;
  readonly #put: SqliteStatement;
  readonly #get: SqliteStatement;
  readonly #count: SqliteStatement;

  private constructor(database: SqliteDatabase) {
    assertWhole(database);
    database.prepare(TABLE).run([]);
    this.#database = database;
    this.#put = database.prepare(PUT);
    this.#get = database.prepare(GET);
    this.#count = database.prepare(COUNT);
  }

  /** Makes the file if it is not there; `connect` is SQLite's. Throws FILE_UNREADABLE for one that holds something else, or is damaged, and leaves it as it is. */
  static open(file: string, connect: OpenSqlite): SqliteRecords {
    let database: SqliteDatabase | undefined;
    try {
      database = connect(file, { processOnly: true });
      return new SqliteRecords(database);
    } catch (error) {
      database?.close();
      const reason = `${reasonOf(error)}; move the file away, and what lies beside it, to begin without records`;
      throw new LabError('FILE_UNREADABLE', { file, reason }, { cause: error });
    }
  }

  get(key: string): string | undefined {
    const [row] = this.#get.all([key]) as { state: string }[];
    return row?.state;
  }

  get size(): number {
    const [row] = this.#count.all([]) as { count: number }[];
    return row?.count ?? 0;
  }

  async put(key: string, state: string): Promise<void> {
    this.#put.run([key, state]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#database.close();
  }
}

/** A database that was cut short or written over is often only found out by reading all of it, which takes milliseconds for what a sample keeps. */
function assertWhole(database: SqliteDatabase): void {
  const [row] = database.prepare('PRAGMA quick_check(1)').all([]) as { quick_check: string }[];
  if (row?.quick_check !== 'ok') throw new Error(`the database is damaged: ${row?.quick_check}`);
}
