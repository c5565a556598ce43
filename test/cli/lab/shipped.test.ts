/** The experiments of the lab as they are shipped: what can be known of them without running one. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planFile } from '../../../src/cli/experiment-files.js';
import type { Plan } from '../../../src/experiment/plan.js';
import { planDurationMs } from '../../../src/experiment/timeline.js';

/** Starting and stopping the services comes on top. */
const PLANNED_MS_MAX = 50_000;

const LAB = ['taxonomy', 'incidents', 'real'].map((folder) => join('experiments', folder));
const ALL = readdirSync('experiments', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml') && !name.includes('shared'))
  .map((name) => join('experiments', name))
  .sort();
const labFiles = ALL.filter((file) => LAB.some((folder) => file.startsWith(folder)));

const planned = (file: string, variant?: string): Promise<Plan> => planFile(file, { variables: {}, variant, seed: 1 });

/** To plan takes a moment, and the tests ask for the same plans. */
const known = new Map<string, Promise<ReadonlyMap<string, Plan>>>();

function variantsOf(file: string): Promise<ReadonlyMap<string, Plan>> {
  const plans = known.get(file) ?? planVariants(file);
  known.set(file, plans);
  return plans;
}

/** Without variants the plan as it stands, under no name. */
async function planVariants(file: string): Promise<ReadonlyMap<string, Plan>> {
  const plan = await planned(file);
  const plans = new Map([['', plan]]);
  for (const name of Object.keys(plan.variants)) plans.set(name, await planned(file, name));
  return plans;
}

/** What would be done: all of the plan but what its inputs are called. */
function deedsOf({ recorded: { inputs: _inputs, ...recorded }, ...plan }: Plan): string {
  return JSON.stringify({ ...plan, recorded });
}

describe.each(ALL.filter((file) => file !== join('experiments', 'template.yaml')))('%s', (file) => {
  it('is valid in each of its variants', async () => {
    await variantsOf(file);
  });
});

describe.each(labFiles)('%s', (file) => {
  it('has a variant that is to pass and one that is to fail', async () => {
    const plan = (await variantsOf(file)).get('');
    expect(new Set(Object.values(plan?.variants ?? {}).map(({ expect: verdict }) => verdict))).toEqual(new Set(['pass', 'fail']));
    expect(file.endsWith(`${plan?.recorded.title}.yaml`)).toBe(true);
  });

  it('does something else in each variant', async () => {
    const deeds = [...(await variantsOf(file))].flatMap(([name, plan]) => (name === '' ? [] : [deedsOf(plan)]));
    expect(new Set(deeds).size).toBe(deeds.length);
  });

  it('ends within a minute', async () => {
    for (const plan of (await variantsOf(file)).values()) expect(planDurationMs(plan)).toBeLessThanOrEqual(PLANNED_MS_MAX);
  });
});

it('a switch that changes nothing would be found', async () => {
  const plan = await planned(labFiles[0] ?? '');
  expect(deedsOf({ ...plan, recorded: { ...plan.recorded, inputs: { unused: 'off' } } })).toBe(deedsOf(plan));
});
