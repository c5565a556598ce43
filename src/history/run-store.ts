/** Where summaries of runs are kept. Whatever keeps them, the journals are the truth: a store may be deleted, and is filled again from them. */
import type { RunSummary } from './run-summary.js';

export interface RunFilter {
  /** Title of the experiment. */
  title?: string | undefined;
  verdict?: RunSummary['verdict'] | undefined;
  /** Runs that started before. */
  beforeWallMs?: number | undefined;
  /** The newest so many; 1,000 if left out. */
  limit?: number | undefined;
}

export const LIMIT_DEFAULT = 1_000;

export interface RunStore extends AsyncDisposable {
  /** In a few words, for people: `runs/history.db`. */
  readonly name: string;
  /** Ids of all runs in it. */
  known(): Promise<ReadonlySet<string>>;
  /** Adds it, or takes the place of what was there of the same run. */
  put(summary: RunSummary): Promise<void>;
  /** Newest first. */
  list(filter?: RunFilter): Promise<readonly RunSummary[]>;
  remove(run: string): Promise<void>;
}
