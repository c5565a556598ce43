import { readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planFile } from '../../src/cli/experiment-files.js';
import { readPlan, storePlan } from '../../src/cli/stored-plan.js';
import { storedRun } from '../support/stored-run.js';

describe('the plan that is kept with a run', () => {
  it('comes back as it was, for every experiment that is shipped', async () => {
    await using stored = await storedRun({ matched: 1 });
    const files = (await readdir('experiments')).filter((name) => name.endsWith('.yaml'));
    expect(files).not.toEqual([]);
    for (const file of files) {
      const plan = await planFile(`experiments/${file}`, { variables: {}, seed: 3 });
      await storePlan(stored.folder, plan);
      // Not toEqual: an `undefined` that is lost would be one that somebody may read.
      expect(JSON.parse(JSON.stringify(await readPlan(stored.folder)))).toEqual(JSON.parse(JSON.stringify(plan)));
    }
  });

  it.each([
    ['no file', undefined, 'ENOENT'],
    ['a file cut short', '{"format":1,', 'JSON'],
    ['a plan of another version', '{"format":99,"plan":{}}', 'is not a plan of this version'],
  ])('is refused with the reason: %s', async (_what, text, reason) => {
    await using stored = await storedRun({ matched: 1 });
    if (text !== undefined) await writeFile(stored.folder.plan, text);
    await expect(readPlan(stored.folder)).rejects.toMatchObject({ code: 'RUN_UNREPEATABLE', message: expect.stringContaining(reason) });
  });
});
