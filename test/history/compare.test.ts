import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/history/compare.js';
import { summary } from '../support/summaries.js';

const [finding] = summary(0).findings;
if (!finding) throw new Error('there is a finding');
const withVerdicts = (verdicts: Readonly<Record<string, 'pass' | 'fail' | 'inconclusive'>>, day = 0) =>
  summary(day, { findings: Object.entries(verdicts).map(([name, verdict]) => ({ ...finding, name, verdict })) });

describe('comparing two runs', () => {
  it('finds nothing different about a run and itself', () => {
    const { caveats, verdicts, figures } = compareRuns(summary(0), summary(0));
    expect(caveats).toEqual([]);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['same']);
    expect(figures.every(({ ratio }) => ratio === 1)).toBe(true);
  });

  it('says what became of each promise', () => {
    const before = withVerdicts({ a: 'pass', b: 'fail', c: 'pass', d: 'inconclusive', e: 'pass', f: 'pass' });
    const after = withVerdicts({ a: 'pass', b: 'pass', c: 'fail', d: 'fail', e: 'inconclusive', g: 'pass' });
    expect(Object.fromEntries(compareRuns(before, after).verdicts.map(({ name, kind }) => [name, kind]))).toEqual({
      a: 'same',
      b: 'fixed',
      c: 'broken',
      d: 'broken',
      e: 'unclear',
      f: 'gone',
      g: 'new',
    });
  });

  it('gives the ratio of figures, and none where one is missing or nothing', () => {
    const flow = { from: 'load', to: 'gateway', count: 1, successRate: 0, p50Ms: 4, p99Ms: null };
    const { figures } = compareRuns(summary(0, { flows: [flow] }), summary(0, { flows: [{ ...flow, p50Ms: 6, p99Ms: 5 }] }));
    expect(figures.filter(({ subject }) => subject.startsWith('load'))).toEqual([
      { subject: 'load->gateway: success rate', before: 0, after: 0, unit: '%', ratio: null },
      { subject: 'load->gateway: p50', before: 4, after: 6, unit: 'ms', ratio: 1.5 },
      { subject: 'load->gateway: p99', before: null, after: 5, unit: 'ms', ratio: null },
    ]);
  });

  it('says what else was different', () => {
    const after = summary(1, { planHash: 'bbbb', inputs: { ejection: 'off' }, version: '0.2.0', status: 'stopped' });
    expect(compareRuns(summary(0), after).caveats).toEqual([
      'the plan was changed in between',
      'faultlab: 0.1.0, then 0.2.0',
      'input ejection: none, then off',
      `${after.run} was not carried through: stopped`,
    ]);
  });
});
