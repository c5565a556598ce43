import { describe, expect, it } from 'vitest';
import { type EjectionScene, forecastEjection, mayBeOut } from '../../../src/verify/oracles/ejection-oracle.js';
import { envoy } from '../../../src/verify/presets/envoy.js';
import type { EjectionModel } from '../../../src/verify/presets/models.js';

const model = (settings: Parameters<typeof envoy.schema.parse>[0] = {}): EjectionModel => {
  const { ejection } = envoy.models(envoy.schema.parse(settings));
  if (ejection === undefined) throw new Error('Envoy ejects');
  return ejection;
};
const scene = (given: Partial<EjectionScene> = {}): EjectionScene => ({
  instances: 5,
  bad: 1,
  failureShare: 0.3,
  perSecond: 20,
  durationMs: 60_000,
  ...given,
});
const wide = { maxEjectionPercent: 50 };

describe('how many may be out', () => {
  it.each([
    [{}, 4, 0],
    [{}, 9, 0],
    [{}, 10, 1],
    [{ alwaysEjectOneHost: true }, 4, 1],
    [wide, 5, 2],
    [{ maxEjectionPercent: 100 }, 3, 3],
  ])('with %j of %i: %i', (settings, instances, expected) => {
    expect(mayBeOut(model(settings), instances)).toBe(expected);
  });
});

describe('whether a bad instance is ejected', () => {
  it('never is where the cap leaves nobody out', () => {
    expect(forecastEjection(model(), scene())).toMatchObject({
      kind: 'never',
      because: expect.stringContaining('10 % of 5 instances is nobody'),
    });
  });

  it.each([
    [4, 1, 'never'],
    [5, 1, 'expected'],
    [9, 2, 'never'],
    [10, 2, 'expected'],
  ])('by comparison of %i peers of which %i are bad: %s', (instances, bad, kind) => {
    const peersOnly = { ...wide, enforcingConsecutive5xx: 0, successRateMinimumHosts: 3 };
    expect(forecastEjection(model(peersOnly), scene({ instances, bad })).kind).toBe(kind);
  });

  it('never is by comparison with too few requests to compare', () => {
    const forecast = forecastEjection(model({ ...wide, enforcingConsecutive5xx: 0 }), scene({ perSecond: 5 }));
    expect(forecast).toMatchObject({ kind: 'never', because: expect.stringContaining('about 50 requests in 10 s, and 100 are needed') });
  });

  it('takes hundreds of requests by failures in a row when few fail', () => {
    const inARow = model({ ...wide, enforcingSuccessRate: 0 });
    expect(forecastEjection(inARow, scene())).toMatchObject({ kind: 'expected', because: expect.stringContaining('about 586 requests') });
    expect(forecastEjection(inARow, scene({ durationMs: 20_000 }))).toMatchObject({ kind: 'unlikely' });
    expect(forecastEjection(inARow, scene({ failureShare: 1 }))).toMatchObject({ kind: 'expected', requests: 5 });
    expect(forecastEjection(inARow, scene({ failureShare: 0 }))).toMatchObject({ kind: 'never' });
  });

  it('depends on the share where a share is the trigger', () => {
    const byShare = model({ ...wide, enforcingConsecutive5xx: 0, enforcingSuccessRate: 0, enforcingFailurePercentage: 100 });
    expect(forecastEjection(byShare, scene({ failureShare: 0.5 })).kind).toBe('never');
    expect(forecastEjection(byShare, scene({ failureShare: 0.85 })).kind).toBe('expected');
  });
});
