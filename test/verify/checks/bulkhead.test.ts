/** `bulkhead` against services whose other routes are known to suffer or not. */
import { describe, expect, it } from 'vitest';
import { bulkhead } from '../../../src/verify/checks/bulkhead.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { SERVICE_FAULT, type ServiceCycle, serviceCycle } from '../../support/simulated-service.js';

const params = bulkhead.schema.parse({ to: 'gateway', route: 'stock', during: SERVICE_FAULT, margin: 2, p95RatioMax: 1.5 });
const judged = (cycle: ServiceCycle) => bulkhead.evaluate(params, serviceCycle(cycle));
function verdicts(cycle: Omit<ServiceCycle, 'seed'>): string[] {
  return cellSeeds(200).map((seed) => judged({ seed, ...cycle }).verdict);
}

describe('bulkhead', () => {
  it('passes isolated routes, with at most 2 % undecided', () => {
    const isolated = verdicts({});
    expect(isolated).not.toContain('fail');
    expect(isolated.filter((verdict) => verdict === 'pass').length).toBeGreaterThanOrEqual(0.98 * isolated.length);
  }, 60_000);

  it('fails those that fail or slow down together, and judges none without demand or fault', () => {
    expect(new Set(verdicts({ conduct: { errorRatio: 0.1 } }))).toEqual(new Set(['fail']));
    expect(new Set(verdicts({ conduct: { medianMs: 30 } }))).toEqual(new Set(['fail']));
    expect(new Set(verdicts({ isIdle: true }))).toEqual(new Set(['inconclusive']));
    expect(new Set(verdicts({ isUnfelt: true }))).toEqual(new Set(['inconclusive']));
  }, 60_000);

  it('does not pass because few requests showed no difference', () => {
    const few = { ...params, minDemand: 10 };
    const judgement = bulkhead.evaluate(few, serviceCycle({ seed: 1, ratePerSecond: 4 }));
    expect(judgement).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('remain possible') });
    expect(judged({ seed: 1, ratePerSecond: 4 }).verdict).toBe('inconclusive');
  });

  it('says both shares and the margin', () => {
    expect(judged({ seed: 1, conduct: { errorRatio: 0.2 } }).summary).toMatch(
      /^load -> gateway \(stock\) during "cut": \d\d\.\d\d % succeeded, 99\.\d\d % in the baseline \(promised: at most 2 points fewer\)$/,
    );
  });
});
