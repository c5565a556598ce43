import { describe, expect, it } from 'vitest';
import { trippedCondition } from '../../../src/orchestrator/stop-conditions/catalog.js';
import { stopFacts } from '../../support/stop-facts.js';

const harmed = (max: number) => ({ kind: 'harmed', params: { harmed: { max } }, summary: `more than ${max}` });

describe('the stop conditions of a plan', () => {
  it('let the first that holds say why', () => {
    expect(trippedCondition([harmed(50), harmed(10), harmed(5)], stopFacts({ harmed: 20 }))).toEqual({
      condition: 'more than 10',
      detail: '20 front-door requests were not answered since the first fault',
    });
  });

  it('do not trip while nothing is wrong, and not where there are none', () => {
    expect(trippedCondition([harmed(0)], stopFacts())).toBeUndefined();
    expect(trippedCondition([], stopFacts({ harmed: 1e9 }))).toBeUndefined();
  });
});
