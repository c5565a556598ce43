import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPrograms, requirePrograms } from '../../../src/orchestrator/services/installed.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'installed-'));
  await writeFile(join(folder, 'balancer'), '');
  await chmod(join(folder, 'balancer'), 0o755);
  await writeFile(join(folder, 'notes'), '');
  await mkdir(join(folder, 'folder'));
});
afterAll(() => rm(folder, { recursive: true }));

const needed = (program: string, from = program) => ({ program, package: from });

describe('programs that a plan requires', () => {
  it('are there if a folder of PATH has them, and they can be run', () => {
    const requires = ['balancer', 'notes', 'folder', 'etcd'].map((name) => needed(name));
    const path = ['', '/nowhere', folder].join(delimiter);
    expect(missingPrograms({ requires }, path).map(({ program }) => program)).toEqual(['notes', 'folder', 'etcd']);
  });

  it('are all named where some are missing, with what to install', () => {
    const requires = [needed('balancer'), needed('etcd', 'etcd-server'), needed('etcdctl', 'etcd-client')];
    expect(() => requirePrograms({ requires }, folder)).toThrow(
      'the plan requires etcd, etcdctl, not found in the folders of PATH: nothing was started',
    );
    expect(() => requirePrograms({ requires: [needed('balancer')] }, folder)).not.toThrow();
    expect(() => requirePrograms({ requires: [] }, '')).not.toThrow();
  });
});
