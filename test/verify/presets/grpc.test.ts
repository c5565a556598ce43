/** The preset `grpc`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import { grpc } from '../../../src/verify/presets/grpc.js';
import type { Models } from '../../../src/verify/presets/models.js';
import { rangeOfPause } from '../../../src/verify/presets/pause.js';

const of = (settings: object): Models => grpc.models(grpc.schema.parse(settings));

describe('grpc', () => {
  it('compares success rates alone, and may always eject one', () => {
    expect(of({}).ejection).toMatchObject({
      triggers: [{ kind: 'peers', deviations: 1.9, instancesMin: 5, requestsMin: 100, everyMs: 10_000 }],
      cap: { share: 0.1, rounding: 'ceil', atLeastOne: true },
      tickMs: 10_000,
      whenAllAreBad: 'refuses',
    });
  });

  it('looks at the share of failures where it is told to, strictly above', () => {
    const settings = { successRateEjection: null, failurePercentageEjection: { threshold: 40 } };
    expect(of(settings).ejection?.triggers).toEqual([
      { kind: 'ratio', threshold: 0.4, comparison: 'above', instancesMin: 5, requestsMin: 50, everyMs: 10_000 },
    ]);
  });

  it('waits by a fifth more or less than its law', () => {
    const retryPolicy = { maxAttempts: 4, initialBackoff: '100ms', maxBackoff: '300ms', backoffMultiplier: 2 };
    const { retry } = of({ retryPolicy, retryThrottling: {} });
    expect([1, 2, 3].map((k) => retry?.pause && rangeOfPause(retry.pause, k))).toEqual([
      [80, 120],
      [160, 240],
      [240, 360],
    ]);
    expect(retry?.budget).toEqual({ kind: 'tokens', max: 10, returned: 0.1 });
    expect(of({}).retry).toBeUndefined();
  });
});
