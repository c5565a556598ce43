/** The preset `nginx`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import type { Models } from '../../../src/verify/presets/models.js';
import { nginx } from '../../../src/verify/presets/nginx.js';

const of = (settings: object): Models => nginx.models(nginx.schema.parse(settings));

describe('nginx', () => {
  it('counts gaps between failures, and tries with one request a worker', () => {
    expect(of({ maxFails: 3, workers: 2 }).ejection).toMatchObject({
      triggers: [{ kind: 'gaps', failures: 3, withinMs: 10_000 }],
      penalty: { kind: 'pauses', law: { kind: 'fixed', ms: 10_000 } },
      tickMs: 1_000,
      readmission: { kind: 'trials', requests: 2 },
    });
  });

  it('takes out at the first failure by default, and never at 0', () => {
    expect(of({}).ejection?.triggers).toEqual([{ kind: 'gaps', failures: 1, withinMs: 10_000 }]);
    expect(of({ maxFails: 0 }).ejection).toBeUndefined();
  });
});
