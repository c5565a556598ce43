import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadExperiment } from '../../src/experiment/load.js';
import { planExperiment } from '../../src/experiment/plan-experiment.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const snippets = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');
const shipped = readFileSync(new URL('../../experiments/gray-failure.yaml', import.meta.url), 'utf8');

/** A part of an experiment is shown in the place that it would have in the one that is shipped. */
const whole = (text: string): string => (text.includes('apiVersion:') ? text : stringify({ ...parse(shipped), ...parse(text) }));

describe('the experiments in the README', () => {
  it('can be pasted and planned as they stand', () => {
    expect(snippets.length).toBeGreaterThan(0);
    for (const text of snippets) {
      const plan = planExperiment({ ...loadExperiment({ text: whole(text), file: 'README.md' }), seed: 1 });
      expect(plan.checks.length).toBeGreaterThan(0);
    }
  });

  it('would be caught with a slip', () => {
    expect(() => loadExperiment({ text: (snippets[0] ?? '').replace('percentage', 'percentge'), file: 'README.md' })).toThrow(/percentge/);
  });
});
