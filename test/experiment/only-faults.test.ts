import { describe, expect, it } from 'vitest';
import { onlyFaults } from '../../src/experiment/only-faults.js';
import { planText, SMALL } from '../support/experiment.js';

describe('a plan with some of its faults', () => {
  it('waits as long as the fault that is left out would have been on, in what is carried out and in what is recorded', () => {
    const { steps, recorded } = onlyFaults(planText(SMALL), []);
    expect(steps[0]).toMatchObject({ name: 'bad-api', kind: 'wait', params: { waitMs: 4_000 }, takesMs: 4_000 });
    expect(recorded.steps[0]).toEqual({ name: 'bad-api', kind: 'wait', startAfter: [], summary: 'wait' });
  });

  it('is the plan itself when all are kept', () => {
    const plan = planText(SMALL);
    expect(onlyFaults(plan, ['bad-api'])).toEqual(plan);
  });
});
