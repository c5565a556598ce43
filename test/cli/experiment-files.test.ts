import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planFile } from '../../src/cli/experiment-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
  await mkdir(join(folder, 'plans', 'shared'), { recursive: true });
  await writeFile(join(folder, 'secret.yaml'), 'topology: {services: {a: {argv: [a]}}}\n');
  await writeFile(join(folder, 'plans', 'shared', 'topology.yaml'), 'topology: {services: {a: {argv: [a]}}}\n');
  await symlink(join(folder, 'secret.yaml'), join(folder, 'plans', 'link.yaml'));
});
afterAll(() => rm(folder, { recursive: true }));

async function planIncluding(name: string) {
  const file = join(folder, 'plans', 'main.yaml');
  const text = `apiVersion: faultlab/v1\nkind: Experiment\nmetadata: {name: x}\nseed: 1\ninclude: ${name}\nstopConditions: [none]\nmethod: [{name: w, wait: 1s}]\n`;
  await writeFile(file, text);
  return planFile(file, { variables: {} });
}

describe('what an experiment includes', () => {
  it('stands at or below its folder', async () => {
    expect((await planIncluding('shared/topology.yaml')).services.map(({ name }) => name)).toEqual(['a']);
  });

  it.each([
    ['../secret.yaml', 'expected a file at or below this folder'],
    ['link.yaml', 'expected a file at or below this folder'],
    ['/etc/hostname', 'expected a file at or below this folder'],
    ['nowhere.yaml', 'ENOENT'],
  ])('is not read from %s', async (name, reason) => {
    await expect(planIncluding(name)).rejects.toMatchObject({ code: 'PLAN_INVALID', message: expect.stringContaining(reason) });
  });
});
