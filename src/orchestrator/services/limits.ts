/**
 * Processor and memory limits of a process of ours, by a control group (version 2) under the orchestrator's own. Whether that may be made is up to the
 * machine: containers and older systems mostly refuse, and then the run goes on without limits and says why.
 */
import { access, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../../core/errors.js';
import type { PlannedLimits } from '../../experiment/plan.js';

/** The kernel's own; others are for tests. */
const CGROUP_ROOT = '/sys/fs/cgroup';
/** A share of processors is so much time in each period. */
const CPU_PERIOD_US = 100_000;

export interface LimitRequest {
  limits: PlannedLimits;
  pid: number;
  /** Of the group; unique on the machine. */
  group: string;
  root?: string;
}

export type Limited =
  | { kind: 'inForce'; group: string }
  /** Half a sentence. */
  | { kind: 'refused'; reason: string };

/** Never rejects. Children that the process has started by then are not limited; those that it starts later are. */
export async function limitProcess({ limits, pid, group, root = CGROUP_ROOT }: LimitRequest): Promise<Limited> {
  const wanted = settingsOf(limits);
  const own = await ownGroup(root).catch(() => undefined);
  if (own === undefined) return { kind: 'refused', reason: 'this machine has no control groups of version 2' };
  const folder = join(own, group);
  try {
    const controllers = [...new Set(Object.keys(wanted).map((file) => file.split('.')[0]))];
    // Where they are on already this changes nothing, and where it is not allowed the files tell.
    await writeFile(join(own, 'cgroup.subtree_control'), controllers.map((controller) => `+${controller}`).join(' ')).catch(() => {});
    await mkdir(folder);
    for (const [file, value] of Object.entries(wanted)) await writeExisting(join(folder, file), value);
    await writeExisting(join(folder, 'cgroup.procs'), String(pid));
    return { kind: 'inForce', group: folder };
  } catch (error) {
    await rmdir(folder).catch(() => {});
    return { kind: 'refused', reason: `${own} cannot be used: ${reasonOf(error)}` };
  }
}

/** Takes the group away once its process has ended. */
export async function removeGroup(group: string): Promise<void> {
  await rmdir(group).catch(() => {});
}

/** File of the group → what to write into it. */
export function settingsOf({ cpus, memoryBytes }: PlannedLimits): Readonly<Record<string, string>> {
  return {
    ...(cpus !== undefined && { 'cpu.max': `${Math.round(cpus * CPU_PERIOD_US)} ${CPU_PERIOD_US}` }),
    ...(memoryBytes !== undefined && { 'memory.max': String(memoryBytes) }),
  };
}

/** Of version 2 the line is `0::/path`; the file of controllers tells that the tree is really of that version. */
async function ownGroup(root: string): Promise<string> {
  const line = /^0::(.*)$/m.exec(await readFile('/proc/self/cgroup', 'utf8'))?.[1] ?? '';
  const group = join(root, line);
  await access(join(group, 'cgroup.controllers'));
  return group;
}

/** The kernel makes these files with the group; where one is missing, nothing would listen to what is written. */
async function writeExisting(file: string, value: string): Promise<void> {
  await access(file);
  await writeFile(file, value);
}
