/**
 * Records by key, kept in a file that only grows: what `put` has resolved for is there again after a crash of the process. A last line that was cut
 * short by one is dropped, since nobody was told that it was written. It outlives the process, not the machine: nothing is forced to the disk.
 */
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordOf } from './call-json.js';

const FILE = 'records.jsonl';

export class RecordLog implements AsyncDisposable {
  readonly #records: Map<string, string>;
  readonly #file: FileHandle | undefined;

  private constructor(records: Map<string, string>, file: FileHandle | undefined) {
    this.#records = records;
    this.#file = file;
  }

  /** Without a folder it forgets everything with its process. Rejects where the folder cannot be written to. */
  static async open(folder: string | undefined): Promise<RecordLog> {
    if (folder === undefined) return new RecordLog(new Map(), undefined);
    await mkdir(folder, { recursive: true });
    const file = await open(join(folder, FILE), 'a+');
    const text = await readFile(join(folder, FILE), 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
    return new RecordLog(recordsIn(whole), file);
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

  /** Resolves when it is written. The last word of a key counts. */
  async put(key: string, state: string): Promise<void> {
    await this.#file?.appendFile(`${JSON.stringify({ key, state })}\n`);
    this.#records.set(key, state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }
}

function recordsIn(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map(recordOf).map(({ key, state }) => [String(key), String(state)]));
}
