import { expect, it } from 'vitest';
import { refuseForeign } from '../../src/cli/foreign-permission.js';
import type { Plan } from '../../src/experiment/plan.js';

const planOf = (fault: object): Plan => ({ recorded: { file: 'x.yaml' }, steps: [{ name: 'stops', fault }] }) as unknown as Plan;

it('a plan that stops processes of somebody else needs leave, and any other does not', () => {
  const refusal = expect.objectContaining({
    code: 'SIGNALS_NOT_ALLOWED',
    exit: 64,
    message: 'x.yaml: step stops (pause) stops processes that the run does not start, those of db-1: nothing was started',
  });
  expect(() => refuseForeign(planOf({ type: 'pause', foreign: ['db-1'] }))).toThrow(refusal);
  expect(() => refuseForeign(planOf({ type: 'pause' }))).not.toThrow();
});
