import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/journal/observations.js';
import { failureDetector } from '../../../src/orchestrator/stop-conditions/failure-detector.js';
import { exchange } from '../../support/histories.js';
import { stopFacts } from '../../support/stop-facts.js';

const NOW_MS = 40_000;
/** An answer every 100 ms from each, of some only until then. */
const heard = (until: Readonly<Record<string, number>>): Exchange[] =>
  Object.entries(until).flatMap(([to, untilMs]) =>
    Array.from({ length: 300 }, (_, i) => 10_000 + i * 100)
      .filter((startMs) => startMs < untilMs)
      .map((startMs): Exchange => ({ kind: 'exchange', ...exchange({ from: 'gateway-1', to, startMs }) })),
  );
const trips = (until: Readonly<Record<string, number>>, suspects = 1) =>
  failureDetector.trips(
    failureDetector.schema.parse({ failureDetector: { to: 'inventory', using: { fixedTimeout: { timeout: '3s' } }, suspects } }),
    {
      ...stopFacts({ nowMs: NOW_MS }),
      recent: () => heard(until),
    },
  );

describe('the stop condition "failureDetector"', () => {
  it('trips when as many are suspected as it says, and names them', () => {
    const until = { 'inventory-1': NOW_MS, 'inventory-2': 30_000, 'inventory-3': 35_000 };
    expect(trips(until)).toBe('fixedTimeout suspects inventory-2, inventory-3');
    expect(trips(until, 3)).toBeUndefined();
  });

  it('leaves alone who has just been heard, and who was never called', () => {
    expect(trips({ 'inventory-1': NOW_MS, 'inventory-2': 38_000 })).toBeUndefined();
    expect(trips({})).toBeUndefined();
  });

  it('says in words what it waits for', () => {
    expect(failureDetector.words(failureDetector.schema.parse(failureDetector.example))).toBe('fixedTimeout suspects 2 of payments');
  });
});
