import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labCases, type Selection } from '../../../src/cli/lab/cases.js';

const experiment = (name: string, variants = ''): string =>
  `apiVersion: faultlab/v1\nkind: Experiment\nmetadata: {name: ${name}}\nseed: 7\ninputs: {rest: {type: duration, default: 1s}}\n${variants}topology: {services: {a: {protocol: http, argv: [a]}, b: {protocol: http, argv: [b]}}, links: [{from: a, to: b}]}\nstopConditions: [none]\nmethod: [{name: w, fault: {type: abort, target: {from: a, to: b}, value: {status: 503}, duration: "\${inputs.rest}"}}]\nverify: [{recovery: {after: w, from: a, to: b, metric: successRate, value: 99, within: 1s}}]\n`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-'));
  await writeFile(
    join(folder, 'crash.yaml'),
    experiment('crash', 'variants: {good: {expect: pass}, bad: {inputs: {rest: 3s}, expect: fail, failing: [recovery]}}\n'),
  );
  await writeFile(join(folder, 'plain.yaml'), experiment('plain'));
});
afterAll(() => rm(folder, { recursive: true }));

const cases = (selection: Partial<Selection> = {}) => labCases([folder], { only: [], seeds: 1, ...selection });

describe('the runs of the lab', () => {
  it('are all variants of all experiments; one without variants is expected to pass', async () => {
    expect(
      (await cases()).map(({ experiment, variant, expected, seed, plannedMs }) => [experiment, variant, expected, seed, plannedMs]),
    ).toEqual([
      ['crash', 'good', { expect: 'pass', failing: [] }, 7, 11_000],
      ['crash', 'bad', { expect: 'fail', failing: ['recovery'] }, 7, 13_000],
      ['plain', undefined, { expect: 'pass', failing: [] }, 7, 11_000],
    ]);
  });

  it('are repeated with one seed after the other', async () => {
    const seeds = await cases({ only: ['plain'], seed: 40, seeds: 3 });
    expect(seeds.map(({ seed }) => seed)).toEqual([40, 41, 42]);
  });

  it('can be those of one variant', async () => {
    expect((await cases({ variant: 'bad' })).map(({ experiment, variant }) => [experiment, variant])).toEqual([['crash', 'bad']]);
  });

  it.each<[Partial<Selection>, string]>([
    [{ only: ['crahs'] }, '--only crahs: no experiment is called so; did you mean "crash"?'],
    [{ variant: 'ugly' }, '--variant ugly: none of these experiments has it; known: good, bad'],
  ])('are refused with %j', async (selection, message) => {
    await expect(cases(selection)).rejects.toMatchObject({ code: 'USAGE', message });
  });
});
