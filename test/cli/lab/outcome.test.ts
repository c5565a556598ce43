import { describe, expect, it } from 'vitest';
import type { LabCase } from '../../../src/cli/lab/cases.js';
import { labRow } from '../../../src/cli/lab/outcome.js';
import type { Report } from '../../../src/reports/reporter.js';
import type { Finding } from '../../../src/verify/check.js';
import { recordOf } from '../../support/histories.js';

const finding = (name: string, verdict: Finding['verdict']): Finding => {
  return { name, check: 'recovery', severity: 'fail', verdict, summary: `${name} was ${verdict}`, measurements: [], evidence: [] };
};

function report(code: number, ...findings: Finding[]): Report {
  const verdict = code === 0 ? 'pass' : code === 1 ? 'fail' : 'inconclusive';
  return { record: recordOf({ exchanges: [], faults: [], toMs: 24_000 }), findings, verdict, exit: { code, reason: 'the reason' } };
}

const one = (expected: LabCase['expected']): LabCase => ({
  experiment: 'crash',
  file: 'crash.yaml',
  expected,
  seed: 1,
  requires: [],
  plannedMs: 1,
});
const passes = one({ expect: 'pass', failing: [] });
const fails = one({ expect: 'fail', failing: ['users-are-served'] });

const judged = (of: LabCase, given: Report, said: readonly string[] = []) => {
  const { isAsExpected, evidence } = labRow(of, { exitCode: given.exit.code, report: given }, said);
  return [isAsExpected, evidence];
};

describe('what became of an experiment of the lab', () => {
  it('is as expected when it passes and is to pass', () => {
    expect(judged(passes, report(0, finding('a', 'pass'), finding('b', 'pass')))).toEqual([true, '2 promises kept']);
  });

  it('is as expected when the promise breaks that is to break, with what was found as evidence', () => {
    const broken = report(1, finding('other', 'fail'), finding('users-are-served', 'fail'));
    expect(judged(fails, broken)).toEqual([true, 'users-are-served: users-are-served was fail']);
  });

  it.each<[string, LabCase, Report, string]>([
    ['it fails and is to pass', passes, report(1, finding('a', 'pass'), finding('b', 'fail')), 'b: b was fail'],
    ['it could not be judged', passes, report(2, finding('a', 'inconclusive')), 'a: a was inconclusive'],
    ['it was stopped', passes, report(4, finding('a', 'inconclusive')), 'the reason'],
    ['healing was not confirmed, though all was kept', passes, report(5, finding('a', 'pass')), 'the reason'],
    [
      'everything was kept',
      fails,
      report(0, finding('users-are-served', 'pass')),
      'expected users-are-served to break, but every promise was kept',
    ],
    [
      'it fails for another reason',
      fails,
      report(1, finding('other', 'fail'), finding('users-are-served', 'pass')),
      'expected users-are-served to break, found pass: users-are-served was pass',
    ],
    ['it breaks the promise, but was stopped', fails, report(4, finding('users-are-served', 'fail')), 'the reason'],
  ])('is not as expected when %s', (_, of, given, evidence) => {
    expect(judged(of, given)).toEqual([false, evidence]);
  });

  it('is told by what the run complained of, where it came to no journal', () => {
    const row = labRow(fails, { exitCode: 69 }, ['faultlab: no program of that name']);
    expect(row).toMatchObject({ isAsExpected: false, verdict: 'error', exitCode: 69, evidence: 'faultlab: no program of that name' });
  });
});
