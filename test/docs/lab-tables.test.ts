import { describe, expect, it } from 'vitest';
import { labBreaches, labTables, readLab } from './lab-tables.mjs';

const texts = {
  failure: [
    { name: 'crash-stop', also: ['crash'] },
    { name: 'DNS failure', notShown: 'no names' },
  ],
  detection: [{ name: 'timeout' }],
  containment: [{ name: 'replication' }],
};
const crash = {
  file: 'experiments/taxonomy/crash.yaml',
  name: 'crash',
  teaches: { failure: 'crash', detection: ['timeout'], containment: ['replication'] },
  variants: { defended: { expect: 'pass' }, undefended: { expect: 'fail' } },
};
const result = (variant: string, verdict: string, given = {}) => ({ variant, verdicts: [verdict], runs: 1, asExpected: 1, ...given });
const lab = { experiments: [crash], results: {}, texts };

describe('the lab’s part of the README', () => {
  it('says of each experiment how it ended, and of those that were never run that they were not', () => {
    const results = { [crash.file]: [result('defended', 'pass', { runs: 20, asExpected: 20 })] };
    expect(labTables({ ...lab, results }).experiments.rows).toEqual([
      ['crash', 'timeout', 'replication', `[crash](${crash.file})`, 'defended: pass (20 of 20)', 'undefended: not run yet'],
    ]);
  });

  it('marks what was not as expected', () => {
    const results = { [crash.file]: [result('defended', 'fail', { asExpected: 0 }), result('undefended', 'fail')] };
    expect(labTables({ ...lab, results }).experiments.rows[0]?.slice(-2)).toEqual(['defended: ✘ fail', 'undefended: fail']);
  });

  it('says of everything that the texts name where it is shown, or why not', () => {
    expect(labTables(lab).mechanisms.rows).toEqual([
      ['crash-stop', 'failure', `[crash](${crash.file})`],
      ['DNS failure', 'failure', 'not shown: no names'],
      ['timeout', 'detection', `[crash](${crash.file})`],
      ['replication', 'containment', `[crash](${crash.file})`],
    ]);
  });

  it('finds words that the texts do not have, things that nobody shows, and reasons and results that are out of date', () => {
    const other = { ...crash, file: 'b.yaml', teaches: { failure: 'DNS failure', detection: ['a hunch'] } };
    expect(labBreaches({ experiments: [other], results: { 'gone.yaml': [] }, texts })).toEqual([
      'b.yaml teaches detection "a hunch", which experiments/source-texts.json does not know',
      'b.yaml does not say what it teaches of each: failure, detection, containment',
      'failure "crash-stop" is shown by no experiment, and no reason stands in experiments/source-texts.json',
      'detection "timeout" is shown by no experiment, and no reason stands in experiments/source-texts.json',
      'containment "replication" is shown by no experiment, and no reason stands in experiments/source-texts.json',
      'failure "DNS failure" is shown now: its reason in experiments/source-texts.json is out of date',
      'experiments/results.json tells of gone.yaml, which is not there',
    ]);
  });

  it('agrees with the experiments that are shipped', () => {
    expect(labBreaches(readLab())).toEqual([]);
  });
});
