/** A run store without a store: the journals are judged each time. Slower with every run, but it needs nothing that a machine may not have. */
import { listRuns, RunFolder } from '../journal/store.js';
import { LIMIT_DEFAULT, type RunFilter, type RunStore } from './run-store.js';
import type { RunSummary } from './run-summary.js';

export class JournalStore implements RunStore {
  readonly name: string;
  readonly #folder: string;
  readonly #summarise: (run: RunFolder) => Promise<RunSummary>;

  constructor(folder: string, summarise: (run: RunFolder) => Promise<RunSummary>) {
    this.name = `the journals in ${folder}`;
    this.#folder = folder;
    this.#summarise = summarise;
  }

  async known(): Promise<ReadonlySet<string>> {
    return new Set(await listRuns(this.#folder));
  }

  /** It is there already: its journal is what is read. */
  async put(): Promise<void> {}

  async list({
    title,
    verdict,
    beforeWallMs = Number.POSITIVE_INFINITY,
    limit = LIMIT_DEFAULT,
  }: RunFilter = {}): Promise<readonly RunSummary[]> {
    const found: RunSummary[] = [];
    for (const run of await listRuns(this.#folder)) {
      if (found.length >= limit) break;
      const summary = await this.#summarise(new RunFolder(this.#folder, run));
      if (title !== undefined && summary.title !== title) continue;
      if (verdict !== undefined && summary.verdict !== verdict) continue;
      if (summary.startedWallMs < beforeWallMs) found.push(summary);
    }
    return found;
  }

  /** Whoever removes the folder has removed the run. */
  async remove(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
