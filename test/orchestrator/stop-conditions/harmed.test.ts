import { describe, expect, it } from 'vitest';
import { harmed } from '../../../src/orchestrator/stop-conditions/harmed.js';
import { stopFacts } from '../../support/stop-facts.js';

describe('the stop condition harmed', () => {
  it('trips beyond the harm budget, not at it', () => {
    expect(harmed.trips({ harmed: { max: 100 } }, stopFacts({ harmed: 100 }))).toBeUndefined();
    expect(harmed.trips({ harmed: { max: 100 } }, stopFacts({ harmed: 101 }))).toBe(
      '101 front-door requests were not answered since the first fault',
    );
  });
});
