/**
 * Control groups of the kernel: what processes of ours may use of processors and memory. A tree of version 1 has a branch for each resource and lets
 * groups be made anywhere in it; one of version 2 has all in one, and groups with limits only where no process is beside them. Whether any may be made
 * is up to the machine. What a reader gets wrong: a group cannot be taken away while somebody is in it, and whom its members start is in it too.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reasonOf } from '../../core/errors.js';
import type { PlannedLimits } from '../../experiment/plan.js';

/** A share of processors is so much time in each period. */
const CPU_PERIOD_US = 100_000;
/** Begins the name of whatever is made here. */
const PREFIX = 'faultlab-';
/** Somebody may be started while others are moved. */
const ROUNDS_MAX = 20;

const RESOURCES = ['cpu', 'memory'] as const;
type Resource = (typeof RESOURCES)[number];

/** What the kernel does; others are for tests. */
export interface Tree {
  root: string;
  /** The text of /proc/PID/cgroup; throws for a process that is gone. */
  placeOf(pid: number): string;
  /** Its files come with a group; both throw where it may not be. */
  make(group: string): void;
  remove(group: string): void;
}

const MACHINE: Tree = {
  root: '/sys/fs/cgroup',
  placeOf: (pid) => readFileSync(`/proc/${pid}/cgroup`, 'latin1'),
  make: (group) => mkdirSync(group),
  remove: (group) => rmdirSync(group),
};

export interface GroupRequest {
  limits: PlannedLimits;
  /** Whose group it is made in or beside. */
  pid: number;
  /** Unique on the machine. */
  name: string;
}

/** One group, or one in each branch that a limit is of. */
export class ControlGroup {
  readonly #folders: readonly Folder[];
  readonly #tree: Tree;

  private constructor(folders: readonly Folder[], tree: Tree) {
    this.#folders = folders;
    this.#tree = tree;
  }

  /** Nobody is in it yet. Throws where the machine refuses, in half a sentence, and nothing is left then. */
  static make({ limits, pid, name }: GroupRequest, tree = MACHINE): ControlGroup {
    const made: Folder[] = [];
    try {
      for (const { parent, home, settings } of placesFor(pid, limits, tree))
        made.push({ group: makeIn(parent, name, { settings, tree }), home });
      return new ControlGroup(made, tree);
    } catch (error) {
      for (const { group } of made) attempt(() => tree.remove(group));
      throw error;
    }
  }

  /** That of this name in which a process is; its members go to where whoever asks is. */
  static of(pid: number, name: string, tree = MACHINE): ControlGroup | undefined {
    const groups = branchesOf(pid, tree).filter(({ folder }) => basename(folder) === PREFIX + name);
    const own = branchesOf(process.pid, tree);
    const beside = own.find(({ branch }) => branch === '')?.folder;
    const folders = groups.map(({ branch, folder }) => ({ group: folder, home: (branch === '' && beside) || dirname(folder) }));
    return folders.length === 0 ? undefined : new ControlGroup(folders, tree);
  }

  /** Who is gone is left out. */
  take(pids: readonly number[]): void {
    for (const { group } of this.#folders) move(pids, group);
  }

  /** All who are in the group go back to where it was made for, and it is taken away. */
  dissolve(): void {
    for (const { group, home } of this.#folders) {
      for (let round = 0; round < ROUNDS_MAX && membersOf(group).length > 0; round++) move(membersOf(group), home);
      attempt(() => this.#tree.remove(group));
    }
  }
}

/** Whether a process is in a group of that name. */
export function isInGroup(pid: number, name: string): boolean {
  return ControlGroup.of(pid, name) !== undefined;
}

/** The name of the group in which a process has the limits that its plan gives it. */
export function limitsGroup(pid: number): string {
  return String(pid);
}

/** Takes away what was made under that name for processes that began where whoever asks is. One in which somebody is stays. */
export function removeGroup(name: string, tree = MACHINE): void {
  for (const { branch, folder } of branchesOf(process.pid, tree)) {
    const parent = branch === '' ? parentInVersion2(folder) : folder;
    attempt(() => tree.remove(join(parent, PREFIX + name)));
  }
}

export function settingsOf({ cpus, memoryBytes }: PlannedLimits, resource: Resource, version: 1 | 2): Settings {
  if (resource === 'memory')
    return memoryBytes === undefined ? {} : { [version === 1 ? 'memory.limit_in_bytes' : 'memory.max']: String(memoryBytes) };
  if (cpus === undefined) return {};
  const quotaUs = Math.round(cpus * CPU_PERIOD_US);
  if (version === 2) return { 'cpu.max': `${quotaUs} ${CPU_PERIOD_US}` };
  return { 'cpu.cfs_period_us': String(CPU_PERIOD_US), 'cpu.cfs_quota_us': String(quotaUs) };
}

/** File of a group → what to write into it, in this order. */
type Settings = Readonly<Record<string, string>>;

interface Folder {
  group: string;
  /** Where its members came from. */
  home: string;
}

interface Place {
  parent: string;
  home: string;
  settings: Settings;
}

/** One for each resource in version 1, one for all in version 2. Throws where a resource has neither. */
function placesFor(pid: number, limits: PlannedLimits, tree: Tree): readonly Place[] {
  const branches = branchesOf(pid, tree);
  const wanted = RESOURCES.filter((resource) => Object.keys(settingsOf(limits, resource, 1)).length > 0);
  const v1 = wanted.flatMap((resource) => {
    const home = branches.find(({ branch }) => branch === resource)?.folder;
    return home === undefined ? [] : [{ parent: home, home, settings: settingsOf(limits, resource, 1) }];
  });
  if (v1.length === wanted.length) return v1;
  const home = branches.find(({ branch }) => branch === '')?.folder;
  if (home === undefined) throw new Error(`this machine has no control groups for ${wanted.join(' and ')}`);
  // Beside a group of ours its limits would not hold.
  if (basename(home).startsWith(PREFIX)) throw new Error('it has limits by a control group already');
  const settings = Object.assign({}, ...wanted.map((resource) => settingsOf(limits, resource, 2))) as Settings;
  return [{ parent: parentInVersion2(home), home, settings }];
}

/**
 * Beside the group of the process: in it there would be processes and groups with limits, which only the root of all allows. Nobody is asked to hand limits
 * down who does not yet, because that would change what holds for everybody else there.
 */
function parentInVersion2(home: string): string {
  return existsSync(join(home, 'cgroup.type')) ? dirname(home) : home;
}

/** Throws what stands in the way. A group that somebody left who was killed is made anew. */
function makeIn(parent: string, name: string, { settings, tree }: { settings: Settings; tree: Tree }): string {
  const group = join(parent, PREFIX + name);
  try {
    attempt(() => tree.remove(group));
    tree.make(group);
    const type = read(join(group, 'cgroup.type'));
    if (type !== '' && type !== 'domain') throw new Error(`groups in it are ${type}`);
    for (const [file, value] of Object.entries(settings)) writeExisting(join(group, file), value);
    return group;
  } catch (error) {
    attempt(() => tree.remove(group));
    throw new Error(`${parent} cannot be used: ${reasonOf(error)}`);
  }
}

/** Lines are `1:cpu,cpuacct:/path`, and `0::/path` for version 2, whose branch is ''. None for a process that is gone, or where its folder is not seen. */
function branchesOf(pid: number, { root, placeOf }: Tree): readonly { branch: Resource | ''; folder: string }[] {
  let told = '';
  attempt(() => {
    told = placeOf(pid);
  });
  return [...told.matchAll(/^\d+:([^:]*):(.*)$/gm)].flatMap(([, controllers = '', path = '']) => {
    const branches = controllers === '' ? ([''] as const) : RESOURCES.filter((resource) => controllers.split(',').includes(resource));
    const folders = branches.map((branch) => ({ branch, folder: join(root, branch, path) }));
    return folders.filter(({ branch, folder }) => existsSync(branch === '' ? join(folder, 'cgroup.controllers') : folder));
  });
}

function membersOf(group: string): readonly number[] {
  return read(join(group, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
}

function move(pids: readonly number[], group: string): void {
  for (const pid of pids) attempt(() => writeExisting(join(group, 'cgroup.procs'), String(pid)));
}

/** Empty for a file that there is not. */
function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'latin1').trim() : '';
}

/** What cannot be done is seen by its effect: somebody has ended, was never there, or may not be moved. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // See above.
  }
}

/** The kernel makes these files with the group; where one is missing, nothing would listen to what is written. */
function writeExisting(file: string, value: string): void {
  if (!existsSync(file)) throw new Error(`there is no ${basename(file)}`);
  writeFileSync(file, value);
}
