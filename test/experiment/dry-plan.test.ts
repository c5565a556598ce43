import { describe, expect, it } from 'vitest';
import { dryPlan } from '../../src/experiment/dry-plan.js';
import { edited, planText, SMALL } from '../support/experiment.js';

describe('a dry plan', () => {
  it('is marked as such and hits nobody, and everything else stays', () => {
    const plan = planText(SMALL);
    const dry = dryPlan(plan);
    expect(dry.recorded).toEqual({ ...plan.recorded, isDry: true });
    expect(dry.steps[0]).toMatchObject({ kind: 'fault', fault: { durationMs: 4_000, spec: { type: 'abort', percentage: 0 } } });
    expect(dry.steps[1]).toEqual(plan.steps[1]);
    expect({ ...dry, recorded: 0, steps: 0 }).toEqual({ ...plan, recorded: 0, steps: 0 });
  });

  it('has no ramp, which would bring the share up again', () => {
    const ramped = planText(edited(SMALL, `percentage: "\${inputs.share}"`, 'ramp: {from: 0, to: 60, step: 10, every: 1s}'));
    const [step] = dryPlan(ramped).steps;
    expect(step).not.toHaveProperty('fault.spec.ramp');
    expect(ramped.steps[0]).toHaveProperty('fault.spec.ramp');
  });
});
