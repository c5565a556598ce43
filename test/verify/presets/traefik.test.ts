/** The preset `traefik`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import type { Models } from '../../../src/verify/presets/models.js';
import { traefik } from '../../../src/verify/presets/traefik.js';

const of = (settings: object): Models => traefik.models(traefik.schema.parse(settings));

describe('traefik', () => {
  it('comes back by a ramp to one half', () => {
    expect(of({}).breaker).toMatchObject({
      evaluated: { kind: 'onCompletion', everyMs: 100 },
      open: { kind: 'fixed', ms: 10_000 },
      halfOpen: { kind: 'ramp', lengthMs: 10_000, shareMax: 0.5 },
    });
  });

  it('takes a server out for its window, and back in without a trial', () => {
    expect(of({ maxFailedAttempts: 3 }).ejection).toMatchObject({
      triggers: [{ kind: 'consecutive', failures: 3, withinMs: 10_000 }],
      readmission: { kind: 'fullShare' },
    });
  });
});
