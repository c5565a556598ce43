/** The preset `resilience4j`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import type { Models } from '../../../src/verify/presets/models.js';
import { resilience4j } from '../../../src/verify/presets/resilience4j.js';

const of = (settings: object): Models => resilience4j.models(resilience4j.schema.parse(settings));

describe('resilience4j', () => {
  it('looks back on 100 calls, and tries with ten', () => {
    expect(of({}).breaker).toMatchObject({
      trips: [{ kind: 'ratio', window: { kind: 'count', calls: 100 }, callsMin: 100, threshold: 0.5, comparison: 'atLeast' }],
      open: { kind: 'fixed', ms: 60_000 },
      halfOpen: { permits: 10, results: 10, failuresMax: 0.5 },
    });
  });

  it('never needs more calls than its window holds, and decides on as few trials as it needs calls', () => {
    const { breaker } = of({ slidingWindowSize: 20, minimumNumberOfCalls: 50, permittedNumberOfCallsInHalfOpenState: 80 });
    expect(breaker?.trips[0]).toMatchObject({ callsMin: 20 });
    expect(breaker?.halfOpen).toMatchObject({ permits: 80, results: 50 });
  });

  it('counts whole seconds in a window of time', () => {
    expect(of({ slidingWindowType: 'TIME_BASED', slidingWindowSize: 10 }).breaker?.trips[0]).toMatchObject({
      window: { kind: 'time', lengthMs: 10_000, buckets: 10 },
    });
  });
});
