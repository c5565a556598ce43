/** The preset `caddy`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import { caddy } from '../../../src/verify/presets/caddy.js';
import type { Models } from '../../../src/verify/presets/models.js';

const of = (settings: object): Models => caddy.models(caddy.schema.parse(settings));

describe('caddy', () => {
  it('forgets each failure by itself, and forgives none', () => {
    expect(of({ failDuration: '30s', maxFails: 3 }).ejection).toMatchObject({
      triggers: [{ kind: 'leaky', failures: 3, forgottenAfterMs: 30_000 }],
      penalty: { kind: 'pauses', law: { kind: 'fixed', ms: 30_000 } },
      readmission: { kind: 'trials', requests: 1 },
    });
  });

  it('is off by default', () => {
    expect(of({})).toEqual({});
  });
});
