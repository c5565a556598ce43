/** The preset `undici`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import type { Models } from '../../../src/verify/presets/models.js';
import { rangeOfPause } from '../../../src/verify/presets/pause.js';
import { undici } from '../../../src/verify/presets/undici.js';

const of = (settings: object): Models => undici.models(undici.schema.parse(settings));

describe('undici', () => {
  it('waits 500 ms, 1 s … 30 s, to the millisecond, for five repetitions', () => {
    const { retry } = of({});
    expect(retry).toMatchObject({ attemptsMax: 6, honoursRetryAfter: true, methods: 'idempotent' });
    expect([1, 2, 3, 8].map((k) => retry?.pause && rangeOfPause(retry.pause, k))).toEqual([
      [500, 500],
      [1_000, 1_000],
      [2_000, 2_000],
      [30_000, 30_000],
    ]);
  });
});
