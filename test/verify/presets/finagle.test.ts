/** The preset `finagle`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import { finagle } from '../../../src/verify/presets/finagle.js';
import type { Models } from '../../../src/verify/presets/models.js';
import { rangeOfPause } from '../../../src/verify/presets/pause.js';

const of = (settings: object): Models => finagle.models(finagle.schema.parse(settings));

describe('finagle', () => {
  it('keeps an endpoint out for exactly 5 s, then for between 5 and 10, 10 and 20 …', () => {
    const penalty = of({}).ejection?.penalty;
    const law = penalty?.kind === 'pauses' ? penalty.law : undefined;
    const ranges = [1, 2, 3, 20].map((k) => law && rangeOfPause(law, k));
    expect(ranges).toEqual([
      [5_000, 5_000],
      [5_000, 10_000],
      [10_000, 20_000],
      [300_000, 300_000],
    ]);
  });

  it('fails open, and repeats a fifth of the requests and ten a second', () => {
    expect(of({})).toMatchObject({
      ejection: { whenAllAreBad: 'keepsTraffic', readmission: { kind: 'trials', requests: 1 } },
      retry: { budget: { kind: 'share', ofCalls: 0.2, perSecondAtLeast: 10 } },
    });
  });
});
