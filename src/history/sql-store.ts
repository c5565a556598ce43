/** A run store in an SQL database: one row a run, its summary as JSON text beside the columns that are asked for. */
import type { Kysely } from 'kysely';
import type { Tables } from './database.js';
import { LIMIT_DEFAULT, type RunFilter, type RunStore } from './run-store.js';
import { type RunSummary, runSummarySchema } from './run-summary.js';

export class SqlStore implements RunStore {
  readonly name: string;
  readonly #db: Kysely<Tables>;

  /** Closes the database in the end. */
  constructor(name: string, db: Kysely<Tables>) {
    this.name = name;
    this.#db = db;
  }

  async known(): Promise<ReadonlySet<string>> {
    const rows = await this.#db.selectFrom('faultlab_run').select('run').execute();
    return new Set(rows.map(({ run }) => run));
  }

  async put(summary: RunSummary): Promise<void> {
    const row = {
      title: summary.title,
      environment: summary.environment,
      started_ms: summary.startedWallMs,
      verdict: summary.verdict,
      exit_code: summary.exitCode,
      // PostgreSQL has no character 0 in its texts; in JSON it is written out.
      summary: JSON.stringify(summary),
    };
    const columns = { ...row, title: withoutNul(row.title), environment: withoutNul(row.environment) };
    await this.#db
      .insertInto('faultlab_run')
      .values({ run: summary.run, ...columns })
      .onConflict((conflict) => conflict.column('run').doUpdateSet(columns))
      .execute();
  }

  async list({ title, verdict, beforeWallMs, limit = LIMIT_DEFAULT }: RunFilter = {}): Promise<readonly RunSummary[]> {
    let query = this.#db.selectFrom('faultlab_run').select('summary');
    if (title !== undefined) query = query.where('title', '=', withoutNul(title));
    if (verdict !== undefined) query = query.where('verdict', '=', verdict);
    if (beforeWallMs !== undefined) query = query.where('started_ms', '<', beforeWallMs);
    const rows = await query.orderBy('started_ms', 'desc').orderBy('run', 'desc').limit(limit).execute();
    return rows.flatMap(({ summary }) => readSummary(summary) ?? []);
  }

  async remove(run: string): Promise<void> {
    await this.#db.deleteFrom('faultlab_run').where('run', '=', run).execute();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#db.destroy();
  }
}

/** Undefined for a row that this version cannot read: its journal can still be. */
function readSummary(text: string): RunSummary | undefined {
  const parsed = runSummarySchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
