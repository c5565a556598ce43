/** A journal that is still being written, folded as it grows: each look reads what was added since the last one, and nothing twice. */
import { type FileHandle, open } from 'node:fs/promises';
import { LabError, reasonOf } from '../core/errors.js';
import { JournalLines } from './journal-lines.js';
import { Fold, type RunRecord } from './record.js';

export class JournalFollower implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #fold = new Fold();
  readonly #lines = new JournalLines({
    take: (line) => this.#fold.take(line),
    onEvent: (event, line) => this.#fold.add(event, line),
  });

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Rejects with JOURNAL_UNREADABLE if there is no such file. */
  static async open(path: string): Promise<JournalFollower> {
    try {
      return new JournalFollower(await open(path));
    } catch (error) {
      throw new LabError('JOURNAL_UNREADABLE', { file: path, reason: reasonOf(error) }, { cause: error });
    }
  }

  /** What its whole lines say so far. Good until the next one is asked for; one at a time. */
  async record(): Promise<RunRecord> {
    await this.#lines.readOn(this.#file);
    return this.#fold.record(this.#lines.gaps);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
