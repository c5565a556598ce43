import { describe, expect, it } from 'vitest';
import { best, requestsUntilRun } from '../../../src/verify/oracles/forecast.js';

describe('requests until a run of failures', () => {
  it.each([
    [5, 0.3, 586],
    [5, 0.5, 62],
    [5, 0.7, 16.5],
    [5, 0.9, 6.94],
    [5, 0.99, 5.15],
    [5, 1, 5],
    [3, 0, Number.POSITIVE_INFINITY],
  ])('%i in a row at a share of %f: %f', (length, share, expected) => {
    const found = requestsUntilRun(length, share);
    if (Number.isFinite(expected)) expect(found / expected).toBeCloseTo(1, 2);
    else expect(found).toBe(expected);
  });
});

describe('the best of several forecasts', () => {
  it('is the soonest that is expected, else one that may be, else none for all reasons', () => {
    const never = (because: string) => ({ kind: 'never', because }) as const;
    const unlikely = { kind: 'unlikely', because: 'u', afterMs: 5 } as const;
    const expected = (afterMs: number) => ({ kind: 'expected', because: 'e', afterMs, requests: 1 }) as const;
    expect(best([never('a'), expected(9), unlikely, expected(7)])).toEqual(expected(7));
    expect(best([never('a'), unlikely])).toEqual(unlikely);
    expect(best([never('a'), never('b'), never('a')])).toEqual(never('a; b'));
    expect(best([]).kind).toBe('never');
  });
});
