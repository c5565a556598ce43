/**
 * Where runs live on disk: one folder a run with its journal, its reports and the output of the services it started. While a run is alive
 * its folder holds `live.json`, which names its processes; a run that died leaves that file behind, and the next run reads it.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError, reasonOf } from '../core/errors.js';

const liveProcessSchema = z.object({
  /** `daemon`, `reaper` or the instance's name. */
  name: z.string(),
  pid: z.int().positive(),
  /** Start time in clock ticks since boot (field 22 of /proc/PID/stat): a pid alone may have been given to another process since. */
  startTicks: z.string(),
});
export type LiveProcess = z.output<typeof liveProcessSchema>;

const stoppableSchema = liveProcessSchema.extend({ unit: z.string().optional() });
/** A process of somebody else, by itself or as a part of a unit. */
export type Stoppable = z.output<typeof stoppableSchema>;

const liveRunSchema = z.object({
  run: z.string(),
  pid: z.int().positive(),
  startTicks: z.string(),
  startedWallMs: z.number(),
  /** What carries its links: a member of the catalog of data planes. Left out by runs of before there were several. */
  driver: z.string().optional(),
  /** Where that is steered. */
  daemonUrl: z.string(),
  /** Names of the proxies that it made there. */
  links: z.array(z.string()).optional(),
  processes: z.array(liveProcessSchema),
  /** Carried by those of its processes that its services have started, wherever they are now. */
  mark: z.string().optional(),
  /** Those of somebody else that its faults may stop: they are let go on, and never ended. */
  stoppable: z.array(stoppableSchema).optional(),
});
/** What a living run says of itself. */
export type LiveRun = z.output<typeof liveRunSchema>;

export class RunFolder {
  readonly run: string;
  readonly path: string;
  /** What is being said of who is alive: two writes at once would take each other's draft away. */
  #live = Promise.resolve();

  constructor(folder: string, run: string) {
    this.run = run;
    this.path = join(folder, run);
  }

  get journal(): string {
    return join(this.path, 'journal.jsonl');
  }

  /** The plan as it was carried out, so that it can be again. */
  get plan(): string {
    return join(this.path, 'plan.json');
  }

  get services(): string {
    return join(this.path, 'services');
  }

  /** What the clocks of instances follow, where a fault sets them. */
  get clocks(): string {
    return join(this.path, 'clocks');
  }

  /** What instances keep, where they ask for a folder and name no other. */
  get data(): string {
    return join(this.path, 'data');
  }

  /** The certificate of the lab CA, where a link terminates TLS. */
  get authority(): string {
    return join(this.path, 'lab-ca.pem');
  }

  report(extension: string): string {
    return join(this.path, `report.${extension}`);
  }

  /** Rejects with JOURNAL_FAILED. */
  async create(): Promise<void> {
    await this.#written(() => mkdir(this.services, { recursive: true }));
  }

  /** Rejects with JOURNAL_FAILED. */
  async writePlan(text: string): Promise<void> {
    await this.#written(() => writeFile(this.plan, text));
  }

  /** Replaced in one step, so that a reader never sees half of it. Rejects with JOURNAL_FAILED. */
  writeLive(live: LiveRun): Promise<void> {
    const draft = join(this.path, 'live.json.new');
    const write = (): Promise<void> =>
      this.#written(async () => {
        await writeFile(draft, `${JSON.stringify(live, null, 2)}\n`);
        await rename(draft, join(this.path, 'live.json'));
      });
    this.#live = this.#live.then(write, write);
    return this.#live;
  }

  /** After what is still to be written of it, which would put it back. */
  async removeLive(): Promise<void> {
    await this.#live.catch(() => {});
    await rm(join(this.path, 'live.json'), { force: true });
  }

  /** Keeps what a dead run had said of itself, out of the next run's way. Of two runs that begin at once, the other may have been faster. */
  async buryLive(): Promise<void> {
    await rename(join(this.path, 'live.json'), join(this.path, 'died.json')).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  /** A full disk, or a folder that is somebody else's, is said as such. */
  async #written(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw new LabError('JOURNAL_FAILED', { file: this.path, reason: reasonOf(error) }, { cause: error });
    }
  }
}

/** The names of the runs in a folder, newest first; run ids begin with their instant. */
export async function listRuns(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && /^\d{8}T\d{6}Z-/.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .reverse();
}

/** The runs that say they are alive, whether or not they are. */
export async function listLive(folder: string): Promise<LiveRun[]> {
  const live: LiveRun[] = [];
  for (const run of await listRuns(folder)) {
    const text = await readFile(join(folder, run, 'live.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    try {
      live.push(liveRunSchema.parse(JSON.parse(text)));
    } catch {
      // A damaged file names nothing that could be cleaned up.
    }
  }
  return live;
}

/** `20261121T093745Z-gray-failure-x7k2`: sorts by time, says what it was, and is unique. */
export function runId({ wallMs, title, suffix }: { wallMs: number; title: string; suffix: string }): string {
  const stamp = new Date(wallMs).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return `${stamp}-${slug || 'run'}-${suffix}`;
}
