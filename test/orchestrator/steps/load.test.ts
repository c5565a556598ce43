import { describe, expect, it } from 'vitest';
import { planText, problemsOf, SMALL } from '../../support/experiment.js';
import { methodRig, plannedStep } from '../../support/method-rig.js';

const withStep = (load: string): string => SMALL.replace('verify:', `  - {name: more, load: ${load}}\nverify:`);

describe('a load step', () => {
  it('steers the load and says so', async () => {
    const told: unknown[] = [];
    const load = {
      setLevel: (...given: unknown[]) => void told.push(given),
      pause: () => void told.push('pause'),
      resume: () => void told.push('resume'),
    };
    await using rig = await methodRig({ ports: { load: () => load } });
    const steps = [{ level: 20, scenario: 'a' }, { state: 'paused' }, { state: 'running' }];
    for (const [i, params] of steps.entries()) await rig.carryOut([plannedStep('load', params, { name: `s${i}` })]);
    expect(told).toEqual([[20, 'a'], 'pause', 'resume']);
    expect(rig.events.filter(({ type }) => type === 'loadChanged')).toHaveLength(3);
  });

  it('is planned for the models that there are', () => {
    expect(planText(withStep('{rate: 200/s}')).steps.at(-1)?.summary).toBe('the load: 200 requests/s');
    expect(problemsOf(withStep('{users: 5}'))[0]).toContain('users is of closed models');
    expect(problemsOf(withStep('{rate: 2/s, scenario: nobody}'))[0]).toContain('unknown scenario "nobody"');
    expect(problemsOf(withStep('{}'))[0]).toContain('expected exactly one of rate, users, state');
  });
});
