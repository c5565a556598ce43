/** Folders that look like trees of control groups: where a group is made, what is written there, and what is said where nothing can be. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlannedLimits } from '../../../src/experiment/plan.js';
import { ControlGroup, removeGroup, settingsOf, type Tree } from '../../../src/orchestrator/services/control-group.js';

const PID = 41;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A folder with such files in it. */
function folder(path: string, files: Readonly<Record<string, string>> = {}): string {
  const made = join(root, path);
  mkdirSync(made, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(made, file), text);
  return made;
}

const read = (group: string, file: string): string => readFileSync(join(group, file), 'latin1');

/** Everybody is where it says, and groups come with such files. */
function treeOf(told: string, files: Readonly<Record<string, string>>): Tree {
  return {
    root,
    placeOf: () => told,
    make: (group) => {
      mkdirSync(group);
      for (const [file, text] of Object.entries(files)) writeFileSync(join(group, file), text);
    },
    remove: (group) => rmSync(group, { recursive: true }),
  };
}
const made = (tree: Tree, limits: PlannedLimits) => ControlGroup.make({ limits, pid: PID, name: 'g' }, tree);

const V1_TOLD = '5:memory:/m\n3:cpuset:/\n1:cpu,cpuacct:/c\n0::/\n';
const V1_FILES = { 'cpu.cfs_period_us': '', 'cpu.cfs_quota_us': '', 'memory.limit_in_bytes': '', 'cgroup.procs': '' };
const V2_TOLD = '0::/slice/own.scope\n';
const V2_FILES = { 'cpu.max': '', 'memory.max': '', 'cgroup.procs': '', 'cgroup.type': 'domain\n' };
const V2_OWN = { 'cgroup.controllers': 'cpu memory', 'cgroup.type': 'domain\n', 'cgroup.procs': '' };

it('settings of a control group are time in a period, and bytes', () => {
  expect(settingsOf({ cpus: 0.5 }, 'cpu', 1)).toEqual({ 'cpu.cfs_period_us': '100000', 'cpu.cfs_quota_us': '50000' });
  expect(settingsOf({ cpus: 2 }, 'cpu', 2)).toEqual({ 'cpu.max': '200000 100000' });
  expect(settingsOf({ memoryBytes: 1024 }, 'memory', 1)).toEqual({ 'memory.limit_in_bytes': '1024' });
  expect(settingsOf({ memoryBytes: 1024 }, 'memory', 2)).toEqual({ 'memory.max': '1024' });
  expect([settingsOf({ cpus: 2 }, 'memory', 2), settingsOf({ memoryBytes: 1 }, 'cpu', 1)]).toEqual([{}, {}]);
});

describe('a control group of version 1', () => {
  it('is one in the branch of each resource, in the group that the process is in', () => {
    const [cpu, memory] = [folder('cpu/c'), folder('memory/m')];
    const own = made(treeOf(V1_TOLD, V1_FILES), { cpus: 0.07, memoryBytes: 1024 });
    expect([read(join(cpu, 'faultlab-g'), 'cpu.cfs_period_us'), read(join(cpu, 'faultlab-g'), 'cpu.cfs_quota_us')]).toEqual([
      '100000',
      '7000',
    ]);
    expect(read(join(memory, 'faultlab-g'), 'memory.limit_in_bytes')).toBe('1024');
    own.take([PID]);
    expect([cpu, memory].map((branch) => read(join(branch, 'faultlab-g'), 'cgroup.procs'))).toEqual([String(PID), String(PID)]);
  });

  it('is in neither branch where one cannot have it', () => {
    const cpu = folder('cpu/c');
    folder('memory/m');
    const { 'memory.limit_in_bytes': _no, ...files } = V1_FILES;
    expect(() => made(treeOf(V1_TOLD, files), { cpus: 1, memoryBytes: 1024 })).toThrow(/cannot be used: there is no memory.limit_in_bytes/);
    expect(existsSync(join(cpu, 'faultlab-g'))).toBe(false);
  });

  it('lets all who are in it go home when it is dissolved, and is gone', () => {
    const cpu = folder('cpu/c', { 'cgroup.procs': '' });
    const own = made(treeOf(V1_TOLD, V1_FILES), { cpus: 1 });
    own.take([PID]);
    own.dissolve();
    expect([read(cpu, 'cgroup.procs'), existsSync(join(cpu, 'faultlab-g'))]).toEqual([String(PID), false]);
  });

  it('is found by whom it holds, and by where it was made', () => {
    folder('cpu/c');
    const group = folder('cpu/c/faultlab-g', { 'cgroup.procs': '' });
    const inside = treeOf('1:cpu:/c/faultlab-g', V1_FILES);
    expect([ControlGroup.of(PID, 'other', inside), ControlGroup.of(PID, 'g', inside) === undefined]).toEqual([undefined, false]);
    ControlGroup.of(PID, 'g', inside)?.dissolve();
    expect(existsSync(group)).toBe(false);
    folder('cpu/c/faultlab-g');
    removeGroup('g', treeOf('1:cpu:/c', V1_FILES));
    expect(existsSync(group)).toBe(false);
  });
});

describe('a control group of version 2', () => {
  it('is one for all limits, beside the group that the process is in', () => {
    folder('slice/own.scope', V2_OWN);
    const own = made(treeOf(V2_TOLD, V2_FILES), { cpus: 0.5, memoryBytes: 1024 });
    const group = join(root, 'slice/faultlab-g');
    expect([read(group, 'cpu.max'), read(group, 'memory.max')]).toEqual(['50000 100000', '1024']);
    own.dissolve();
    expect(existsSync(group)).toBe(false);
  });

  it('is in the group of the process only if that is the root of all', () => {
    const { 'cgroup.type': _none, ...files } = V2_OWN;
    folder('.', files);
    made(treeOf('0::/\n', V2_FILES), { cpus: 0.5 });
    expect(read(join(root, 'faultlab-g'), 'cpu.max')).toBe('50000 100000');
  });

  it.each([
    ['does not hand processors down', { ...V2_OWN }, { 'cgroup.procs': '', 'cgroup.type': 'domain' }, /there is no cpu.max/],
    ['has processes of its own', { ...V2_OWN }, { ...V2_FILES, 'cgroup.type': 'domain invalid' }, /groups in it are domain invalid/],
    ['is of another version', {}, V2_FILES, /no control groups for cpu/],
  ])('is not made where the parent %s, and nothing is left', (_what, ownFiles, files, why) => {
    folder('slice/own.scope', ownFiles);
    expect(() => made(treeOf(V2_TOLD, files), { cpus: 1 })).toThrow(why);
    expect(existsSync(join(root, 'slice/faultlab-g'))).toBe(false);
  });

  it('is not made beside one of ours, whose limits would not hold there', () => {
    folder('slice/faultlab-41', V2_OWN);
    expect(() => made(treeOf('0::/slice/faultlab-41\n', V2_FILES), { cpus: 1 })).toThrow('it has limits by a control group already');
  });
});

it('no control group is made for a process that is gone', () => {
  expect(() => ControlGroup.make({ limits: { cpus: 1 }, pid: 2 ** 22 + 1, name: 'g' })).toThrow(/no control groups/);
});
