import { describe, expect, it } from 'vitest';
import { dryPlan } from '../../../src/experiment/dry-plan.js';
import { planText, problemsOf, SMALL } from '../../support/experiment.js';
import { methodRig, plannedStep } from '../../support/method-rig.js';

describe('a probe step', () => {
  it('stops the run when its probe is not met, unless the plan says to go on', async () => {
    await using rig = await methodRig({ ports: { ask: async () => 'notMet' } });
    const step = (onFailure: string) => plannedStep('probe', { probe: 'p', onFailure }, { name: 's' });
    await expect(rig.carryOut([step('stop')])).rejects.toMatchObject({ code: 'STEP_FAILED', exit: 4 });
    await rig.carryOut([step('continue')]);
  });

  it('names a probe of the steady state', () => {
    const withStep = (name: string): string => SMALL.replace('verify:', `  - {name: now, probe: {name: ${name}}}\nverify:`);
    expect(planText(withStep('answers')).steps.at(-1)?.kind).toBe('probe');
    expect(dryPlan(planText(withStep('answers'))).steps.at(-1)?.params).toMatchObject({ onFailure: 'continue' });
    expect(problemsOf(withStep('answer'))[0]).toContain('unknown probe "answer"; did you mean "answers"?');
  });
});
