/** What a replay does to real processes is shown in test/e2e/replay.test.ts; here is what the command refuses before it starts one. */
import { describe, expect, it } from 'vitest';
import { planFile } from '../../../src/cli/experiment-files.js';
import { storePlan } from '../../../src/cli/stored-plan.js';
import { cli } from '../../support/cli.js';
import { storedRun } from '../../support/stored-run.js';

async function runOfGrayFailure() {
  const stored = await storedRun({ matched: 1 });
  await storePlan(stored.folder, await planFile('experiments/gray-failure.yaml', { variables: {}, seed: 3 }));
  return stored;
}

describe('faultlab replay', () => {
  it('says why a run without its plan cannot be replayed', async () => {
    await using stored = await storedRun({ matched: 1 });
    const { code, err } = await cli('replay', 'last', '--out', stored.out);
    expect(code).toBe(64);
    expect(err).toContain('cannot be replayed');
  });

  it('knows no run of that name', async () => {
    await using stored = await runOfGrayFailure();
    expect(await cli('replay', 'nope', '--out', stored.out)).toMatchObject({ code: 64, err: expect.stringContaining('no run "nope"') });
  });

  it('has no fault step of that name', async () => {
    await using stored = await runOfGrayFailure();
    const { code, out, err } = await cli('replay', 'last', '--out', stored.out, '--only', 'one-host-goes-grey');
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain('did you mean "one-host-goes-gray"?');
  });

  it('does not shrink a run that broke no promise', async () => {
    await using stored = await runOfGrayFailure();
    const { code, out, err } = await cli('replay', 'last', '--out', stored.out, '--shrink');
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain('broke no promise');
  });
});
