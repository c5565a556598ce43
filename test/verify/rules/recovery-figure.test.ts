import { describe, expect, it } from 'vitest';
import { isSuccess } from '../../../src/journal/observations.js';
import { dataExchanges } from '../../../src/verify/inference/traffic.js';
import { BASELINE_MIN, figureOf, limitByBaseline } from '../../../src/verify/rules/recovery-figure.js';
import { recordOf, times } from '../../support/histories.js';

/** Requests that take 1, 2, 3 … ms, of which every tenth fails. */
function requests(count: number) {
  const exchanges = times({ fromMs: 0, toMs: 100 * count, everyMs: 100 }).map((startMs, i) => ({
    from: 'load',
    to: 'gateway-1',
    startMs,
    endMs: startMs + i + 1,
    status: i % 10 === 9 ? 503 : 200,
  }));
  return dataExchanges(recordOf({ exchanges, faults: [] }), { from: ['load'], to: ['gateway-1'] });
}

describe('the figure of a recovery', () => {
  it('is a share of good answers, or a time that most of all took', () => {
    expect(figureOf('successRate', requests(100))).toBe(90);
    expect(figureOf('p50', requests(100).filter(isSuccess))).toBe(49);
  });

  it('takes an error for an answer that never comes, however quick it is', () => {
    expect(figureOf('p50', requests(100))).toBe(55);
    expect(figureOf('p90', requests(100))).toBe(99);
    expect(figureOf('p99', requests(100))).toBe(Number.POSITIVE_INFINITY);
  });

  it('is held against so many times the answers of the baseline, failures left out', () => {
    expect(limitByBaseline('p50', 2, requests(100))).toBeGreaterThan(95);
    expect(limitByBaseline('p50', 2, requests(100))).toBeLessThan(105);
    expect(limitByBaseline('p50', 2, requests(BASELINE_MIN))).toBeUndefined();
  });
});
