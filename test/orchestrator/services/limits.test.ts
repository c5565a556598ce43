/** A folder that looks like a tree of control groups: what is written where, and what is said where nothing can be written. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitProcess, settingsOf } from '../../../src/orchestrator/services/limits.js';

let root: string;
let own: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cgroup-'));
  const line = /^0::(.*)$/m.exec(await readFile('/proc/self/cgroup', 'utf8'))?.[1] ?? '';
  own = join(root, line);
  await mkdir(own, { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const limited = () => limitProcess({ limits: { cpus: 0.5, memoryBytes: 1024 }, pid: 42, group: 'g', root });

describe('limits of a process', () => {
  it('are time in a period, and bytes', () => {
    expect(settingsOf({ cpus: 0.5 })).toEqual({ 'cpu.max': '50000 100000' });
    expect(settingsOf({ cpus: 2, memoryBytes: 1024 })).toEqual({ 'cpu.max': '200000 100000', 'memory.max': '1024' });
  });

  it('are refused where there is no control group of version 2', async () => {
    expect(await limited()).toEqual({ kind: 'refused', reason: 'this machine has no control groups of version 2' });
  });

  it('are refused where the group cannot be limited, and leave nothing behind', async () => {
    await writeFile(join(own, 'cgroup.controllers'), '');
    expect(await limited()).toMatchObject({ kind: 'refused', reason: expect.stringContaining('cannot be used') });
    await expect(readFile(join(own, 'g'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are refused where another group has the name', async () => {
    await writeFile(join(own, 'cgroup.controllers'), 'cpu memory');
    await mkdir(join(own, 'g'));
    expect(await limited()).toMatchObject({ kind: 'refused', reason: expect.stringContaining('EEXIST') });
  });
});
