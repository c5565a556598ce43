/**
 * The tables of the run store and how they came to be, in words that SQLite and PostgreSQL both understand. Migrations only go forward: a
 * store that a later version has made is refused by the migrator, never changed back.
 */
import { type Kysely, type Migration, Migrator } from 'kysely';

export interface RunTable {
  run: string;
  title: string;
  environment: string;
  /** Milliseconds since 1970; fits a double. */
  started_ms: number;
  verdict: string;
  exit_code: number;
  /** The whole summary as JSON text. */
  summary: string;
}
export interface Tables {
  faultlab_run: RunTable;
}

const migrations: Readonly<Record<string, Migration>> = {
  '0001-runs': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('faultlab_run')
        .addColumn('run', 'varchar(200)', (column) => column.primaryKey())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('environment', 'text', (column) => column.notNull())
        .addColumn('started_ms', 'double precision', (column) => column.notNull())
        .addColumn('verdict', 'varchar(20)', (column) => column.notNull())
        .addColumn('exit_code', 'integer', (column) => column.notNull())
        .addColumn('summary', 'text', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('faultlab_run_started').on('faultlab_run').columns(['title', 'started_ms']).execute();
    },
  },
};

/** Brings the tables to the form that this version knows. Rejects with what the database said. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 'faultlab_migration',
    migrationLockTableName: 'faultlab_migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
