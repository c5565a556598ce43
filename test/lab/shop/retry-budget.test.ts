import { describe, expect, it } from 'vitest';
import { createRetryBudget } from '../../../src/lab/shop/retry-budget.js';

describe('a retry budget', () => {
  it('allows a share of the calls, beyond what was saved up', () => {
    const budget = createRetryBudget(0.2);
    let spent = 0;
    for (let call = 0; call < 1_000; call++) {
      budget.earn();
      if (budget.spend()) spent++;
    }
    expect(spent).toBeGreaterThanOrEqual(200);
    expect(spent).toBeLessThanOrEqual(210);
  });

  it('saves up no more than twenty', () => {
    const budget = createRetryBudget(0.2);
    for (let call = 0; call < 1_000; call++) budget.earn();
    const spent = Array.from({ length: 100 }, () => budget.spend()).filter((allowed) => allowed).length;
    expect(spent).toBe(20);
  });
});
