import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import { planExperiment } from '../../src/experiment/plan-experiment.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const snippets = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');

describe('the experiments in the README', () => {
  it('can be pasted and planned as they stand', () => {
    expect(snippets.length).toBeGreaterThan(0);
    for (const text of snippets) {
      const plan = planExperiment({ ...loadExperiment({ text, file: 'README.md' }), seed: 1 });
      expect(plan.checks.length).toBeGreaterThan(0);
    }
  });

  it('would be caught with a slip', () => {
    expect(() => loadExperiment({ text: (snippets[0] ?? '').replace('percentage', 'percentge'), file: 'README.md' })).toThrow(/percentge/);
  });
});
