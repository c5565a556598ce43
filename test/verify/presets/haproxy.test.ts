/** The preset `haproxy`: what follows from the product's defaults and settings. */
import { describe, expect, it } from 'vitest';
import { haproxy } from '../../../src/verify/presets/haproxy.js';
import type { Models } from '../../../src/verify/presets/models.js';

const of = (settings: object): Models => haproxy.models(haproxy.schema.parse(settings));

describe('haproxy', () => {
  it('needs 30 errors in a row between two passing checks by default, and 10 to mark down', () => {
    const triggers = (onError: string) => of({ onError }).ejection?.triggers;
    expect(triggers('fail-check')).toEqual([{ kind: 'consecutive', failures: 30, withinMs: 2_000 }]);
    expect(triggers('sudden-death')).toEqual([{ kind: 'consecutive', failures: 20, withinMs: 2_000 }]);
    expect(triggers('mark-down')).toEqual([{ kind: 'consecutive', failures: 10 }]);
    expect(triggers('fastinter')).toBeUndefined();
  });

  it('brings a server back by checks, by a ramp where it is told to', () => {
    expect(of({}).ejection).toMatchObject({
      penalty: { kind: 'whileProbesFail', everyMs: 2_000, passes: 2 },
      readmission: { kind: 'fullShare' },
    });
    expect(of({ slowstart: '20s' }).ejection?.readmission).toEqual({ kind: 'ramp', lengthMs: 20_000 });
  });
});
