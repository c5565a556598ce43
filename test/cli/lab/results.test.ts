import { describe, expect, it } from 'vitest';
import type { LabRow } from '../../../src/cli/lab/outcome.js';
import { mergeResults, renderResults, renderRow, storedResults, tallyOf } from '../../../src/cli/lab/results.js';

const row = (given: Partial<LabRow>): LabRow => ({
  experiment: 'crash',
  file: 'crash.yaml',
  variant: 'defended',
  seed: 1,
  expect: 'pass',
  isAsExpected: true,
  verdict: 'pass',
  exitCode: 0,
  tookMs: 12_340,
  evidence: '3 promises kept',
  ...given,
});
const undefended = { variant: 'undefended', expect: 'fail', verdict: 'fail', exitCode: 1, evidence: 'served: 12 requests lost' } as const;
const kept = { ...undefended, verdict: 'pass', exitCode: 0, isAsExpected: false, evidence: 'nothing broke' } as const;

describe('what became of the lab’s experiments', () => {
  it('is a line as each run ends', () => {
    expect(renderRow(row(undefended))).toBe('✔ crash, undefended (seed 1, 12.34s): FAIL as expected: served: 12 requests lost');
    expect(renderRow(row(kept))).toBe('✘ crash, undefended (seed 1, 12.34s): PASS, exit 0, not as expected: nothing broke');
  });

  it('counts an experiment as expected when all of its variants are', () => {
    const other = { file: 'pause.yaml', experiment: 'pause' };
    const rows = [row({}), row(undefended), row(other), row({ ...other, ...kept })];
    expect(tallyOf(rows)).toEqual({ experiments: 2, asExpected: 1 });
    expect(renderResults(rows).split('\n').at(-1)).toBe('2 experiments, 1 as expected');
    expect(renderResults(rows, 2).split('\n').at(-1)).toBe('2 experiments, 1 as expected, 2 skipped');
    expect(renderResults(rows)).not.toContain('agree');
  });

  it('says whether seeds agree', () => {
    const agreeing = [row({}), row({ seed: 2 })];
    expect(renderResults(agreeing)).toContain('all seeds agree');
    const text = renderResults([...agreeing, row(undefended), row({ ...kept, seed: 2 })]);
    expect(text).toContain('seeds disagree on crash undefended');
    expect(text).toMatch(/crash +undefended +fail +✘ fail, pass +12\.34s +1 of 2/);
  });

  it('is stored beside what is known of others, and takes the place of what it was', () => {
    const before = mergeResults({}, [row({ file: 'z.yaml' }), row({}), row(kept)]);
    const after = storedResults.parse(JSON.parse(JSON.stringify(mergeResults(before, [row(undefended), row({ ...undefended, seed: 2 })]))));
    expect(Object.keys(after)).toEqual(['crash.yaml', 'z.yaml']);
    expect(after['crash.yaml']?.map(({ variant, asExpected, runs, evidence }) => [variant, asExpected, runs, evidence])).toEqual([
      ['defended', 1, 1, '3 promises kept'],
      ['undefended', 2, 2, 'served: 12 requests lost'],
    ]);
  });
});
