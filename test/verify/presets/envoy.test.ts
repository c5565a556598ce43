/** The preset `envoy`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import { envoy } from '../../../src/verify/presets/envoy.js';
import type { Models } from '../../../src/verify/presets/models.js';
import { rangeOfPause } from '../../../src/verify/presets/pause.js';

const of = (settings: object): Models => envoy.models(envoy.schema.parse(settings));

describe('envoy', () => {
  it('enforces runs of errors and outlying success rates, and ejects at most a tenth of the hosts', () => {
    const { ejection } = of({});
    expect(ejection?.triggers).toEqual([
      { kind: 'consecutive', failures: 5 },
      { kind: 'peers', deviations: 1.9, instancesMin: 5, requestsMin: 100, everyMs: 10_000 },
    ]);
    expect(ejection?.cap).toEqual({ share: 0.1, rounding: 'floor', atLeastOne: false });
    expect(ejection?.readmission).toEqual({ kind: 'fullShare' });
  });

  it('keeps a host out for 30, 60 … 300 s, and for 300 s from then on', () => {
    const penalty = of({}).ejection?.penalty;
    const law = penalty?.kind === 'pauses' ? penalty.law : undefined;
    expect([1, 2, 10, 11].map((k) => law && rangeOfPause(law, k)[0])).toEqual([30_000, 60_000, 300_000, 300_000]);
  });

  it('takes on what is switched on', () => {
    const settings = { enforcingFailurePercentage: 100, enforcingConsecutive5xx: 0, enforcingSuccessRate: 0 };
    expect(of(settings).ejection?.triggers).toEqual([
      { kind: 'ratio', threshold: 0.85, comparison: 'atLeast', instancesMin: 5, requestsMin: 50, everyMs: 10_000 },
    ]);
  });

  it('has limits for a breaker, which neither open nor close', () => {
    const { breaker, retry } = of({});
    expect(breaker?.trips.map((trip) => trip.kind)).toEqual(['limit', 'limit', 'limit']);
    expect(breaker?.halfOpen).toBeUndefined();
    expect([1, 2, 3, 4, 5].map((k) => retry?.pause && rangeOfPause(retry.pause, k)[1])).toEqual([25, 50, 100, 200, 250]);
  });
});
