import { describe, expect, it } from 'vitest';
import { errorBudget } from '../../../src/orchestrator/stop-conditions/error-budget.js';
import { stopFacts } from '../../support/stop-facts.js';

const trips = (text: object, harmed: number, baselinePerSecond = 100) =>
  errorBudget.trips(
    errorBudget.schema.parse({ errorBudget: { objective: 99.9, window: '720h', spend: 1, ...text } }),
    stopFacts({ harmed, baselinePerSecond }),
  );

describe('the stop condition errorBudget', () => {
  it('allows a slice of what the objective leaves over its window, at the rate of the baseline', () => {
    // 99.9 % of 100/s over 30 days leave 259,200 failures, and a hundredth of that is this run's.
    expect(trips({}, 2_592)).toBeUndefined();
    expect(trips({}, 2_593)).toBe('2593 failed requests, and the slice is 2592');
  });

  it('is told in the unit of its window', () => {
    expect(errorBudget.words(errorBudget.schema.parse(errorBudget.example))).toBe('more than 1 % of the error budget of 99.9 % over 720h');
  });

  it('takes the requests of the world where they are told', () => {
    expect(trips({ requests: 1_000_000 }, 10)).toBeUndefined();
    expect(trips({ requests: 1_000_000 }, 11)).toMatch(/slice is 10/);
  });

  it('allows nothing where there was no traffic, or the objective leaves nothing', () => {
    expect(trips({}, 0, 0)).toBeUndefined();
    expect(trips({}, 1, 0)).toMatch(/slice is 0/);
    expect(trips({ objective: 100 }, 1)).toMatch(/slice is 0/);
  });
});
