import { describe, expect, it } from 'vitest';
import { dryPlan } from '../../../src/experiment/dry-plan.js';
import { planText, problemsOf, SMALL } from '../../support/experiment.js';
import { methodRig, plannedStep } from '../../support/method-rig.js';

const withStep = (probe: string): string => SMALL.replace('verify:', `  - {name: now, probe: ${probe}}\nverify:`);
const planned = (probe: string) => planText(withStep(probe)).steps.at(-1);

describe('a probe step', () => {
  it('stops the run when its probe is not met, unless the plan says to go on', async () => {
    const asked: unknown[] = [];
    await using rig = await methodRig({
      ports: {
        ask: async (probe) => {
          asked.push(probe);
          return 'notMet';
        },
      },
    });
    const step = (onFailure: string) => plannedStep('probe', { probe: { name: 'p' }, onFailure }, { name: 's' });
    await expect(rig.carryOut([step('stop')])).rejects.toMatchObject({ code: 'STEP_FAILED', exit: 4 });
    await rig.carryOut([step('continue')]);
    expect(asked).toEqual([{ name: 'p' }, { name: 'p' }]);
  });

  it('names a probe of the steady state', () => {
    expect(planned('{name: answers}')).toMatchObject({ kind: 'probe', params: { probe: { name: 'answers' }, onFailure: 'stop' } });
    expect(dryPlan(planText(withStep('{name: answers}'))).steps.at(-1)?.params).toMatchObject({ onFailure: 'continue' });
    expect(problemsOf(withStep('{name: answer}'))[0]).toContain('unknown probe "answer"; did you mean "answers"?');
  });

  it('may be one itself, which is asked here and nowhere else, under the name of the step', () => {
    const plan = planText(withStep('{type: http, target: {to: api}, path: /health, failureThreshold: 5, tolerance: {in: [200]}}'));
    expect(plan.steps.at(-1)?.params).toMatchObject({ probe: { name: 'now', type: 'http', failureThreshold: 5 }, onFailure: 'stop' });
    expect(plan.probes).toEqual(planText(SMALL).probes);
  });

  it('needs leave if it runs a program', () => {
    expect(planned('{type: command, argv: [./leaders], onFailure: continue}')?.executes).toContain('./leaders');
    expect(planned('{name: answers}')?.executes).toBeUndefined();
  });

  it('has slips named where they stand', () => {
    expect(problemsOf(withStep('{type: htp, target: {to: api}}'))[0]).toMatch(/probe\.type: .*"htp"/);
    expect(problemsOf(withStep('{type: http, target: {to: apy}, path: /health}'))[0]).toContain('unknown service "apy"');
    expect(problemsOf(withStep('{type: http, target: {to: api}, path: /health, tolerence: 1}'))[0]).toContain('tolerence');
    expect(problemsOf(withStep('{nam: answers}'))[0]).toContain('nam');
  });
});
