/**
 * What all of a person's faultlab processes on one machine know of each other, in a folder of their own: the daemons that are up, and whether
 * everything is halted. So `faultlab halt` reaches all of them from anywhere, and the next run finds the lever pulled.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive, startTicksOf } from '../orchestrator/services/processes.js';

const daemonSchema = z.object({ url: z.url(), pid: z.int(), startTicks: z.string(), environment: z.string() });
export type KnownDaemon = z.output<typeof daemonSchema>;

const haltSchema = z.object({ reason: z.string(), since: z.string() });
export type PulledLever = z.output<typeof haltSchema>;

export class Home {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Notes a daemon of this process. A folder that cannot be written costs no more than that: rejects, and the caller says so. */
  async register({ url, environment }: { url: string; environment: string }): Promise<void> {
    const own: KnownDaemon = { url, pid: process.pid, startTicks: startTicksOf(process.pid), environment };
    await this.#write(join('daemons', `${process.pid}.json`), own);
  }

  async unregister(): Promise<void> {
    await rm(join(this.#folder, 'daemons', `${process.pid}.json`), { force: true });
  }

  /** Daemons whose process is alive; notes of others are removed. */
  async daemons(): Promise<readonly KnownDaemon[]> {
    const folder = join(this.#folder, 'daemons');
    const alive: KnownDaemon[] = [];
    for (const name of await readdir(folder).catch(() => [])) {
      const known = await this.#read(join('daemons', name), daemonSchema);
      if (known !== undefined && isAlive(known)) alive.push(known);
      else await rm(join(folder, name), { force: true });
    }
    return alive;
  }

  async pullLever(lever: PulledLever): Promise<void> {
    await this.#write('halted.json', lever);
  }

  async releaseLever(): Promise<void> {
    await rm(join(this.#folder, 'halted.json'), { force: true });
  }

  /** Undefined: it is not pulled. A damaged note counts as pulled: somebody has tried to. */
  async lever(): Promise<PulledLever | undefined> {
    const text = await readFile(join(this.#folder, 'halted.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    return (await this.#read('halted.json', haltSchema)) ?? { reason: 'the note of it is damaged', since: 'an unknown time' };
  }

  /** Replaced in one step, so that a reader never sees half of it. */
  async #write(name: string, data: object): Promise<void> {
    const path = join(this.#folder, name);
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    await writeFile(`${path}.new`, `${JSON.stringify(data)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  async #read<S extends z.ZodType>(name: string, schema: S): Promise<z.output<S> | undefined> {
    try {
      return schema.parse(JSON.parse(await readFile(join(this.#folder, name), 'utf8')));
    } catch {
      return undefined;
    }
  }
}
