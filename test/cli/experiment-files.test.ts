import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planFile, planFiles } from '../../src/cli/experiment-files.js';

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

describe('a game day that names experiments', () => {
  const DAY = 'apiVersion: faultlab/v1\nkind: GameDay\nmetadata: {name: day}\n';
  const experiment = (name: string): string =>
    `apiVersion: faultlab/v1\nkind: Experiment\nmetadata: {name: ${name}}\nseed: 1\ninputs: {rest: {type: duration, default: 1s}}\ntopology: {services: {a: {argv: [a]}}}\nstopConditions: [none]\nmethod: [{name: w, wait: "\${inputs.rest}"}]\n`;

  async function planDay(experiments: string, variables = {}) {
    const file = join(folder, 'plans', 'day.yaml');
    await writeFile(file, `${DAY}experiments: ${experiments}\n`);
    for (const name of ['one', 'two']) await writeFile(join(folder, 'plans', `${name}.yaml`), experiment(name));
    return planFiles([file], { variables });
  }

  it('is planned as all of them, in their order, with the values that it gives', async () => {
    const planned = await planDay('[two.yaml, {file: one.yaml, vars: {rest: 2s}}, one.yaml]');
    expect(planned.map(({ plan }) => [plan.recorded.title, plan.steps[0]?.takesMs])).toEqual([
      ['two', 1_000],
      ['one', 2_000],
      ['one', 1_000],
    ]);
    expect(new Set(planned.map(({ agenda }) => agenda?.file)).size).toBe(1);
  });

  it('gives way to what is said on the command line', async () => {
    const planned = await planDay('[{file: one.yaml, vars: {rest: 2s}}]', { rest: '3s' });
    expect(planned[0]?.plan.steps[0]?.takesMs).toBe(3_000);
  });

  it.each([
    ['a file outside of its folder', '[../secret.yaml]', 'FILE_UNREADABLE'],
    ['a file that is not there', '[nowhere.yaml]', 'FILE_UNREADABLE'],
    ['itself', '[day.yaml]', 'PLAN_INVALID'],
    ['a value that the experiment does not know', '[{file: one.yaml, vars: {rets: 2s}}]', 'INPUT_UNKNOWN'],
  ])('is refused where it names %s', async (_what, experiments, code) => {
    await expect(planDay(experiments)).rejects.toMatchObject({ code });
  });
});
