import { describe, expect, it } from 'vitest';
import { none } from '../../../src/orchestrator/stop-conditions/none.js';
import { stopFacts } from '../../support/stop-facts.js';

describe('the stop condition none', () => {
  it('never trips, whatever happens', () => {
    const failing = { failures: 1e6, successes: 0, failingSinceMs: 0 };
    expect(none.trips('none', stopFacts({ harmed: 1e9, streak: () => failing }))).toBeUndefined();
  });
});
