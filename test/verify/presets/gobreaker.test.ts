/** The preset `gobreaker`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import { gobreaker } from '../../../src/verify/presets/gobreaker.js';
import type { Models } from '../../../src/verify/presets/models.js';

const of = (settings: object): Models => gobreaker.models(gobreaker.schema.parse(settings));

describe('gobreaker', () => {
  it('opens at the sixth failure in a row, for a minute, and ignores late results', () => {
    expect(of({}).breaker).toMatchObject({
      trips: [{ kind: 'consecutive', failures: 6 }],
      open: { kind: 'fixed', ms: 60_000 },
      halfOpen: { permits: 1, results: 1 },
      staleResults: 'ignored',
    });
  });

  it('needs as many successes in a row as it lets through', () => {
    expect(of({ maxRequests: 3 }).breaker?.halfOpen).toMatchObject({ permits: 3, results: 3, failuresMax: 0 });
  });
});
