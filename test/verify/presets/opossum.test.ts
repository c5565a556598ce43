/** The preset `opossum`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import type { Models } from '../../../src/verify/presets/models.js';
import { opossum } from '../../../src/verify/presets/opossum.js';

const of = (settings: object): Models => opossum.models(opossum.schema.parse(settings));

describe('opossum', () => {
  it('counts what was issued, keeps its window, and leaves open by a timer', () => {
    expect(of({}).breaker).toMatchObject({
      trips: [
        {
          kind: 'ratio',
          window: { lengthMs: 10_000, buckets: 10 },
          callsMin: 0,
          threshold: 0.5,
          comparison: 'above',
          denominator: 'issued',
        },
      ],
      open: { kind: 'fixed', ms: 30_000 },
      leavesOpen: 'byTimer',
      staleResults: 'counted',
      windowOnClose: 'kept',
    });
  });

  it('cuts no call that timed out, unless it can', () => {
    expect(of({}).timeout).toEqual({ totalMs: 10_000, cancels: false });
    expect(of({ timeout: '500ms', abortController: true }).timeout).toEqual({ totalMs: 500, cancels: true });
    expect(of({ timeout: false }).timeout).toBeUndefined();
  });
});
