import { describe, expect, it } from 'vitest';
import { jsonRows, renderRows, rowOf } from '../../src/cli/run-rows.js';
import type { Report } from '../../src/reports/reporter.js';
import type { Finding } from '../../src/verify/check.js';
import { recordOf } from '../support/histories.js';

const finding = (name: string, verdict: Finding['verdict'], severity: Finding['severity'] = 'fail'): Finding => {
  return { name, check: 'recovery', severity, verdict, summary: '', measurements: [], evidence: [] };
};
const report: Report = {
  record: recordOf({ exchanges: [], faults: [], toMs: 24_000 }),
  findings: [finding('comes-back', 'pass'), finding('is-ejected', 'fail'), finding('is-seen', 'fail', 'warn')],
  verdict: 'fail',
  exit: { code: 1, reason: 'a promise was broken' },
};
const broken = rowOf({ title: 'gray', file: 'gray.yaml' }, { exitCode: 1, report });
const unheard = rowOf({ title: 'no-daemon', file: 'no-daemon.yaml' }, { exitCode: 69 });

describe('the rows of several runs', () => {
  it('name the promises that were not kept, and leave warnings out', () => {
    expect(broken).toMatchObject({ verdict: 'fail', exit: { code: 1 }, promises: { kept: 1, all: 2 }, notKept: ['is-ejected'] });
    expect(broken.tookMs).toBeGreaterThan(0);
  });

  it('are there for a run that came to no journal', () => {
    expect(unheard).toMatchObject({ verdict: 'error', exit: { code: 69 } });
    expect(unheard.run).toBeUndefined();
  });

  it('are a table, with the sum below', () => {
    const lines = renderRows([broken, unheard], 3).split('\n');
    expect(lines[0]).toMatch(/^experiment +verdict +exit +took +promises kept +not kept$/);
    expect(lines[1]).toMatch(/^gray +✘ FAIL +1 +\S+ +1 of 2 +is-ejected$/);
    expect(lines[2]).toMatch(/^no-daemon +! ERROR +69 +0 of 0$/);
    expect(lines.at(-1)).toBe('2 of 3 experiments run, 0 passed');
  });

  it('are one line for programs', () => {
    const line = jsonRows([broken], { planned: 2, exitCode: 1 });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toMatchObject({
      type: 'summary',
      planned: 2,
      exit: { code: 1 },
      runs: [{ file: 'gray.yaml', notKept: ['is-ejected'] }],
    });
  });
});
