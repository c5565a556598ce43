import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../src/history/coverage.js';
import { DAY_MS, FIRST_MS, summary } from '../support/summaries.js';

const at = (day: number) => ({ nowWallMs: FIRST_MS + day * DAY_MS, expireMs: 30 * DAY_MS });

describe('coverage', () => {
  it('names edge, fault and check with the latest verdict', () => {
    const runs = [summary(2, { findings: summary(2).findings.map((f) => ({ ...f, verdict: 'fail' as const })) }), summary(1)];
    expect(coverageOf(runs, at(3))).toEqual([
      { edge: 'gateway->inventory', fault: 'abort', check: 'outlierEjection', verdict: 'fail', run: summary(2).run, ageMs: DAY_MS },
    ]);
  });

  it('is stale when it is too old', () => {
    expect(coverageOf([summary(0)], at(30))[0]?.stale).toBeUndefined();
    expect(coverageOf([summary(0)], at(31))[0]?.stale).toBe('age');
  });

  it('is stale when the plan has changed and the new one did not try it', () => {
    const changed = summary(2, { planHash: 'bbbb', faults: [] });
    expect(coverageOf([changed, summary(1)], at(3))[0]?.stale).toBe('changed');
    expect(coverageOf([summary(2), summary(1)], at(3))[0]?.stale).toBeUndefined();
  });

  it('counts a fault that nobody felt as inconclusive, whatever the check said', () => {
    const unfelt = summary(1, { faults: [{ step: 'gray', type: 'abort', edges: ['a->b'], matched: 3, applied: 0 }] });
    expect(coverageOf([unfelt], at(2))[0]?.verdict).toBe('inconclusive');
  });

  it('is nothing where no check is about a fault', () => {
    expect(coverageOf([summary(1, { findings: summary(1).findings.map((f) => ({ ...f, step: null })) })], at(2))).toEqual([]);
    expect(coverageOf([], at(0))).toEqual([]);
  });
});
