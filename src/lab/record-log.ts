/**
 * Records by key, kept in a file that only grows: what `put` has resolved for is there again after a crash of the process. A last line that was cut
 * short by one is dropped, since nobody was told that it was written. It outlives the process, not the machine: nothing is forced to the disk.
 */
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../core/errors.js';
import { recordOf } from './call-json.js';

export const LOG_FILE = 'records.jsonl';
const LINE_END = '\n';

/** The file, and how much of it are whole lines. */
interface Lines {
  readonly file: FileHandle;
  wholeBytes: number;
}

export class RecordLog implements AsyncDisposable {
  readonly #records: Map<string, string>;
  readonly #lines: Lines | undefined;
  /** The newest append, which the next one waits for: a line that fails is taken back before another is written. */
  #appended: Promise<void> = Promise.resolve();

  private constructor(records: Map<string, string>, lines: Lines | undefined) {
    this.#records = records;
    this.#lines = lines;
  }

  /**
   * Without a folder it forgets everything with its process. Rejects where the folder cannot be written to, and with FILE_UNREADABLE where a line of the file
   * is no record.
   */
  static async open(folder: string | undefined): Promise<RecordLog> {
    if (folder === undefined) return new RecordLog(new Map(), undefined);
    await mkdir(folder, { recursive: true });
    const path = join(folder, LOG_FILE);
    const file = await open(path, 'a+');
    try {
      const bytes = await readFile(path);
      const wholeBytes = bytes.lastIndexOf(LINE_END) + 1;
      const records = recordsIn(path, bytes.toString('utf8', 0, wholeBytes));
      await file.truncate(wholeBytes);
      return new RecordLog(records, { file, wholeBytes });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get(key: string): string | undefined {
    return this.#records.get(key);
  }

  /** The last word of each key. */
  all(): ReadonlyMap<string, string> {
    return this.#records;
  }

  get size(): number {
    return this.#records.size;
  }

  /** Resolves when it is written, and rejects, with the record as it was, where it could not be. The last word of a key counts. */
  async put(key: string, state: string): Promise<void> {
    const lines = this.#lines;
    if (lines !== undefined) {
      const line = `${JSON.stringify({ key, state })}${LINE_END}`;
      const appended = this.#appended.then(() => append(lines, line));
      this.#appended = appended.catch(() => {});
      await appended;
    }
    this.#records.set(key, state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lines?.file.close();
  }
}

/** A full disk takes a part of a line: what is written next must not stand behind it. */
async function append(lines: Lines, line: string): Promise<void> {
  try {
    await lines.file.appendFile(line);
  } catch (error) {
    await lines.file.truncate(lines.wholeBytes);
    throw error;
  }
  lines.wholeBytes += Buffer.byteLength(line);
}

function recordsIn(file: string, text: string): Map<string, string> {
  const records = new Map<string, string>();
  for (const [i, line] of text.split(LINE_END).slice(0, -1).entries()) {
    const { key, state } = recordOf(line);
    if (typeof key !== 'string' || typeof state !== 'string') {
      const reason = `line ${i + 1} is no record; mend the line, or move the file away to begin without records`;
      throw new LabError('FILE_UNREADABLE', { file, reason });
    }
    records.set(key, state);
  }
  return records;
}
