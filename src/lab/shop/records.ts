/**
 * Where the store keeps its records: in SQLite, or in a log on a machine that has none. What a reader gets wrong: a folder goes on with what it was begun
 * with, whatever the machine has by now, because records that were acknowledged must not be gone after an installation.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../core/errors.js';
import { type FoundSqlite, findSqlite } from '../../core/sqlite.js';
import { LOG_FILE, RecordLog } from '../record-log.js';
import { SqliteRecords } from './sqlite-records.js';

export interface Records extends AsyncDisposable {
  /** The last word of a key. */
  get(key: string): string | undefined;
  /** How many keys there are. */
  readonly size: number;
  /** Resolves when the record is there also after the process was killed, not the machine, and rejects where it could not be written. */
  put(key: string, state: string): Promise<void>;
}

/** What keeps the records, and why it is not SQLite although there is a folder. */
export type Engine = { readonly engine: 'sqlite' } | { readonly engine: 'log'; readonly reason: string } | { readonly engine: 'memory' };

export interface OpenedRecords {
  readonly records: Records;
  readonly engine: Engine;
}

const DATABASE_FILE = 'records.db';

/**
 * Without a folder they end with the process. `find` looks for SQLite, and only where it is needed. Rejects with FILE_UNREADABLE for records that cannot be
 * read here, and where the folder cannot be written to.
 */
export async function openRecords(folder: string | undefined, find: () => FoundSqlite = findSqlite): Promise<OpenedRecords> {
  if (folder === undefined) return { records: await RecordLog.open(undefined), engine: { engine: 'memory' } };
  if (existsSync(join(folder, LOG_FILE))) return inLog(folder, `the folder has a ${LOG_FILE}`);
  const file = join(folder, DATABASE_FILE);
  const sqlite = find();
  if (sqlite.kind === 'found') {
    await mkdir(folder, { recursive: true });
    return { records: SqliteRecords.open(file, sqlite.open), engine: { engine: 'sqlite' } };
  }
  if (existsSync(file)) throw new LabError('FILE_UNREADABLE', { file, reason: `there is no SQLite here: ${sqlite.reason}` });
  return inLog(folder, sqlite.reason);
}

async function inLog(folder: string, reason: string): Promise<OpenedRecords> {
  return { records: await RecordLog.open(folder), engine: { engine: 'log', reason } };
}
