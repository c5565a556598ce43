/** The preset `hystrix`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import { hystrix } from '../../../src/verify/presets/hystrix.js';
import type { Models } from '../../../src/verify/presets/models.js';

const of = (settings: object): Models => hystrix.models(hystrix.schema.parse(settings));

describe('hystrix', () => {
  it('opens from half of 20 calls on, at a look every 500 ms, and tries once', () => {
    expect(of({}).breaker).toMatchObject({
      trips: [
        { kind: 'ratio', window: { kind: 'time', lengthMs: 10_000, buckets: 20 }, callsMin: 20, threshold: 0.5, comparison: 'atLeast' },
      ],
      evaluated: { kind: 'periodically', everyMs: 500 },
      open: { kind: 'fixed', ms: 5_000 },
      halfOpen: { permits: 1, excess: 'rejected' },
    });
  });
});
