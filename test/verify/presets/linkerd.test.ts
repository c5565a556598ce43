/** The preset `linkerd`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import { linkerd } from '../../../src/verify/presets/linkerd.js';
import type { Models } from '../../../src/verify/presets/models.js';
import { rangeOfPause } from '../../../src/verify/presets/pause.js';

const of = (settings: object): Models => linkerd.models(linkerd.schema.parse(settings));

describe('linkerd', () => {
  it('keeps an endpoint out for 1, 2, 4 … 60 s and up to half as much again, never beyond 60 s', () => {
    const law = of({}).breaker?.open;
    const ranges = [1, 2, 6, 7].map((k) => law && rangeOfPause(law, k));
    expect(ranges).toEqual([
      [1_000, 1_500],
      [2_000, 3_000],
      [32_000, 48_000],
      [60_000, 60_000],
    ]);
  });

  it('is one mechanism, whether it is told as a breaker or as ejection', () => {
    const { breaker, ejection } = of({ maxFailures: 3 });
    expect(breaker?.trips).toEqual(ejection?.triggers);
    expect(ejection?.penalty).toEqual({ kind: 'pauses', law: breaker?.open });
  });
});
