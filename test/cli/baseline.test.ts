import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compareWithBaseline } from '../../src/cli/baseline.js';
import { session } from '../support/cli.js';
import { gameDayReport } from '../support/journal.js';

describe('a comparison with the last run that passed', () => {
  it('says that there is none, for people and for programs', async () => {
    const out = await mkdtemp(join(tmpdir(), 'baseline-'));
    onTestFinished(() => rm(out, { recursive: true }));
    const { context, said } = session();
    const report = gameDayReport({ ratePerSecond: 6, pace: 0.1 });
    await compareWithBaseline(context, report, { out });
    expect(said().out).toContain('no earlier run of this experiment has passed');
    await compareWithBaseline(context, report, { out, json: true });
    expect(JSON.parse(said().out.split('\n').at(-1) ?? '')).toEqual({ type: 'comparison', after: report.record.run });
  });
});
