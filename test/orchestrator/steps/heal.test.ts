import { describe, expect, it } from 'vitest';
import { planText, problemsOf, SMALL } from '../../support/experiment.js';
import { methodRig, plannedStep } from '../../support/method-rig.js';

describe('a heal step', () => {
  it('ends the faults that it names and no others, and asks until they are gone', async () => {
    const on = new Set(['r/a', 'r/b']);
    const asked: unknown[] = [];
    const heal = async (faults: readonly string[] = []) => {
      asked.push(faults);
      for (const id of asked.length > 1 ? faults : []) on.delete(id);
    };
    await using rig = await methodRig({ driver: { heal, active: async () => [...on].map((id) => ({ id })) } });
    await rig.carryOut([plannedStep('heal', { steps: ['a'] }, { name: 'h' })]);
    expect([...on]).toEqual(['r/b']);
    expect(asked).toEqual([['r/a'], ['r/a']]);
  });

  it('names fault steps, or all', () => {
    const withStep = (heal: string): string => SMALL.replace('verify:', `  - {name: now, heal: ${heal}}\nverify:`);
    expect(planText(withStep('[bad-api]')).steps.at(-1)).toMatchObject({ params: { steps: ['bad-api'] }, summary: 'end bad-api' });
    expect(planText(withStep('all')).steps.at(-1)?.summary).toBe('end every fault');
    expect(problemsOf(withStep('[rest]'))[0]).toContain('expected a fault step, but "rest" injects nothing');
  });
});
