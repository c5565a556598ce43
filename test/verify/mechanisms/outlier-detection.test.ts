import { describe, expect, it } from 'vitest';
import { outlierDetection } from '../../../src/verify/mechanisms/outlier-detection.js';

const said = (settings: unknown): string | undefined => outlierDetection.schema.safeParse(settings).error?.issues[0]?.message;

describe('declared outlier detection', () => {
  it('takes Envoy’s settings, times in milliseconds', () => {
    const written = { interval: '10s', successRateStdevFactor: 1.9, baseEjectionTime: '30s', maxEjectionPercent: '20%' };
    expect(outlierDetection.schema.parse(written)).toEqual({
      interval: 10_000,
      successRateStdevFactor: 1.9,
      baseEjectionTime: 30_000,
      maxEjectionPercent: 20,
    });
  });

  it('declares something', () => {
    expect(said({})).toBe('expected at least one setting, found none');
  });

  it('ejects for no longer than the longest time, and by a factor that is no thousandth', () => {
    expect(said({ baseEjectionTime: '30s', maxEjectionTime: '10s' })).toBe('expected no less than baseEjectionTime');
    expect(said({ successRateStdevFactor: 1900 })).toBeDefined();
  });
});
