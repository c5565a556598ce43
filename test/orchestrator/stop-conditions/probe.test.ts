import { describe, expect, it } from 'vitest';
import { probe } from '../../../src/orchestrator/stop-conditions/probe.js';
import { stopFacts } from '../../support/stop-facts.js';

const params = { probe: 'shop', for: 5_000 };
const failing = { failures: 5, successes: 0, failingSinceMs: 5_001 };

describe('the stop condition probe', () => {
  it('trips when the probe has failed for the time given, without having been well between', () => {
    expect(probe.trips(params, stopFacts({ streak: () => failing }))).toBeUndefined();
    expect(probe.trips(params, stopFacts({ nowMs: 10_001, streak: () => failing }))).toBe('not met 5 times, for 5.00s');
    expect(probe.trips({ ...params, for: 0 }, stopFacts())).toBeUndefined();
  });

  it('says what it waits for', () => {
    expect([probe.words(params), probe.probe?.(params)]).toEqual(['shop not met for 5.00s', 'shop']);
  });
});
