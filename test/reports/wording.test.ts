import { describe, expect, it } from 'vitest';
import { formatInstant, formatMeasured, formatNumber, formatRatio, letterOf, spaced } from '../../src/reports/wording.js';

describe('wording', () => {
  it('never rounds a failure away', () => {
    expect([1, 0.9999, 0.982, 0.5, 0.0001, 0].map(formatRatio)).toEqual(['100 %', '> 99.9 %', '98.2 %', '50 %', '< 0.1 %', '0 %']);
  });

  it('says instants since the start of the run', () => {
    expect(formatInstant(7_364_249, 7_300_000)).toBe('1:04.2');
    expect(formatInstant(59_960, 0)).toBe('1:00.0');
    expect(formatInstant(Number.POSITIVE_INFINITY, 0)).toBe('–');
  });

  it('says figures with their unit and interval', () => {
    expect(formatMeasured({ name: 'x', value: 712, unit: 'ms', interval: [640, 790] })).toBe('712ms (640ms … 790ms)');
    expect(formatMeasured({ name: 'x', value: null, unit: 'ms' })).toBe('not seen');
    expect(formatMeasured({ name: 'x', value: 8, unit: 'requests' })).toBe('8 requests');
    expect([12, 0.123456, 123.6, 1234567].map(formatNumber)).toEqual(['12', '0.123', '124', '1234567']);
  });

  it('names faults by letters without end', () => {
    expect([0, 25, 26, 27, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AB', 'ZZ', 'AAA']);
    expect(spaced('outlierEjection')).toBe('outlier ejection');
  });
});
