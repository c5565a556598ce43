/** The preset `polly`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import type { Models } from '../../../src/verify/presets/models.js';
import { polly } from '../../../src/verify/presets/polly.js';

const of = (settings: object): Models => polly.models(polly.schema.parse(settings));

describe('polly', () => {
  it('opens from a tenth of 100 calls on, for 5 s', () => {
    expect(of({}).breaker).toMatchObject({
      trips: [
        { kind: 'ratio', window: { kind: 'time', lengthMs: 30_000, buckets: 10 }, callsMin: 100, threshold: 0.1, comparison: 'atLeast' },
      ],
      open: { kind: 'fixed', ms: 5_000 },
      leavesOpen: 'onNextCall',
    });
  });

  it('refuses what the product refuses', () => {
    expect(polly.schema.safeParse({ minimumThroughput: 1 }).success).toBe(false);
    expect(polly.schema.safeParse({ breakDuration: '100ms' }).success).toBe(false);
  });
});
