/**
 * Where instances keep what they write: a folder for each, which is made for the run, so that a fault may take it away. What a reader gets wrong:
 * nothing of it is ever deleted; what is replaced stays beside it for whoever wants to look.
 */
import { constants } from 'node:fs';
import { access, cp, lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LabError, reasonOf } from '../../core/errors.js';
import type { ReplacedData } from '../../dataplane/faults/process-fault.js';
import type { PlannedService } from '../../experiment/plan.js';
import type { NewEvent } from '../../journal/events.js';

interface DataFolder {
  /** What the instance is told. */
  now: string;
  /** The newest copy of it, if there is one. */
  snapshot: string;
  /** A copy that is being made, or was broken off: never taken for one. */
  unfinished: string;
  /** Of what was there before: `before-1` and on. */
  parent: string;
}

interface DataCopy {
  files: number;
  bytes: number;
}

export class DataFolders {
  readonly #folders = new Map<string, DataFolder>();
  readonly #note: (event: NewEvent) => void;

  /** `own` is used where a service names no directory; elsewhere the run's name keeps runs apart. */
  constructor({
    own,
    run,
    services,
    note,
  }: { own: string; run: string; services: readonly PlannedService[]; note(event: NewEvent): void }) {
    this.#note = note;
    for (const { data, instances } of services) {
      if (data === undefined) continue;
      const place = resolve(data.directory === undefined ? own : join(data.directory, run));
      for (const { name } of instances) {
        const parent = join(place, name);
        const [now, snapshot, unfinished] = [join(parent, 'now'), join(parent, 'snapshot'), join(parent, 'snapshot-unfinished')];
        this.#folders.set(name, { parent, now, snapshot, unfinished });
      }
    }
  }

  /** Makes them all. Rejects with DATA_UNWRITABLE. */
  async prepare(): Promise<void> {
    for (const [instance, { now }] of this.#folders) await writable({ instance, folder: now }, () => mkdir(now, { recursive: true }));
  }

  /** Undefined for an instance that has none. */
  folderOf(instance: string): string | undefined {
    return this.#folders.get(instance)?.now;
  }

  /** Puts these files there, in place of what has their names. Rejects with DATA_UNWRITABLE. */
  async write(instance: string, files: Readonly<Record<string, string>>): Promise<void> {
    const { now } = this.#folder(instance);
    for (const [name, text] of Object.entries(files)) await writable({ instance, folder: now }, () => writeFile(join(now, name), text));
  }

  /** Rejects with DATA_UNWRITABLE or SNAPSHOT_MISSING where its data cannot be replaced so. */
  async check(instance: string, by: ReplacedData): Promise<void> {
    const { parent, snapshot } = this.#folder(instance);
    await writable({ instance, folder: parent }, () => access(parent, constants.W_OK));
    const isThere = by === 'nothing' || (await stat(snapshot).catch(() => undefined)) !== undefined;
    if (!isThere) throw new LabError('SNAPSHOT_MISSING', { instance });
  }

  /** Copies what is there now, in place of an older copy. Nobody may write meanwhile. Rejects with the signal's reason between two files, and there is no copy then. */
  async snapshot(instance: string, signal: AbortSignal): Promise<void> {
    const { now, snapshot, unfinished } = this.#folder(instance);
    signal.throwIfAborted();
    const copied = await writable({ instance, folder: snapshot }, async () => {
      for (const old of [snapshot, unfinished]) await rm(old, { recursive: true, force: true });
      const made = await copy(now, unfinished, signal);
      await rename(unfinished, snapshot);
      return made;
    }).catch((error: unknown) => {
      // That somebody broke it off says nothing of the folder.
      signal.throwIfAborted();
      throw error;
    });
    this.#note({ type: 'dataCopied', instance, ...copied });
  }

  /** Puts the copy, or nothing, in place of what is there now. Its process has to be gone. */
  async replace(instance: string, by: ReplacedData): Promise<void> {
    const { parent, now, snapshot } = this.#folder(instance);
    await writable({ instance, folder: now }, async () => {
      const before = (await readdir(parent)).filter((name) => name.startsWith('before-')).length;
      const keptAs = join(parent, `before-${before + 1}`);
      await rename(now, keptAs);
      if (by === 'copy') await copy(snapshot, now);
      else await mkdir(now);
      this.#note({ type: 'dataReplaced', instance, by, keptAs });
    });
  }

  #folder(instance: string): DataFolder {
    const folder = this.#folders.get(instance);
    if (folder === undefined) throw new Error(`${instance} has no data folder, though the plan asks for one`);
    return folder;
  }
}

async function writable<T>({ instance, folder }: { instance: string; folder: string }, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new LabError('DATA_UNWRITABLE', { instance, folder, reason: reasonOf(error) }, { cause: error });
  }
}

/** Files, folders and links; sockets and pipes are no data. The signal is heeded between two of them: one huge file is copied to its end. */
async function copy(from: string, to: string, signal?: AbortSignal): Promise<DataCopy> {
  const copied: DataCopy = { files: 0, bytes: 0 };
  await cp(from, to, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    // Shares the blocks where the file system can.
    mode: constants.COPYFILE_FICLONE,
    filter: async (source) => {
      signal?.throwIfAborted();
      const found = await lstat(source);
      if (found.isFile()) {
        copied.files += 1;
        copied.bytes += found.size;
      }
      return found.isFile() || found.isDirectory() || found.isSymbolicLink();
    },
  });
  return copied;
}
