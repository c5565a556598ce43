/** The preset `cockatiel`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import { cockatiel } from '../../../src/verify/presets/cockatiel.js';
import type { Models } from '../../../src/verify/presets/models.js';

const of = (settings: object): Models => cockatiel.models(cockatiel.schema.parse(settings));

describe('cockatiel', () => {
  it('holds calls beyond the trial, and needs a call to leave open', () => {
    expect(of({ failures: 3 }).breaker).toMatchObject({
      trips: [{ kind: 'consecutive', failures: 3 }],
      leavesOpen: 'onNextCall',
      halfOpen: { permits: 1, excess: 'queued' },
    });
  });

  it('asks for five calls above the threshold in a second, unless it is told how many', () => {
    expect(of({ breaker: 'sampling', threshold: 0.5, duration: '10s' }).breaker?.trips).toEqual([
      {
        kind: 'ratio',
        window: { kind: 'time', lengthMs: 10_000, buckets: 10 },
        callsMin: 100,
        threshold: 0.5,
        comparison: 'above',
        denominator: 'completed',
      },
    ]);
    expect(of({ breaker: 'sampling', duration: '1s', minimumRps: 5 }).breaker?.trips[0]).toMatchObject({
      callsMin: 5,
      window: { buckets: 5 },
    });
    expect(of({ breaker: 'count', size: 10 }).breaker?.trips[0]).toMatchObject({ callsMin: 10, window: { kind: 'count', calls: 10 } });
  });

  it('tries again only where it was told to', () => {
    expect(of({}).retry).toBeUndefined();
    expect(of({ maxAttempts: 3 }).retry?.attemptsMax).toBe(4);
  });
});
