/** `errorRatio`: few enough failures, with the doubt that a small sample leaves. */
import { describe, expect, it } from 'vitest';
import { errorRatio } from '../../../src/verify/checks/error-ratio.js';
import { recordOf, times } from '../../support/histories.js';
import { cellSeeds, seeds } from '../../support/simulated-cycles.js';
import { SERVICE_FAULT, type ServiceCycle, serviceCycle } from '../../support/simulated-service.js';

const params = errorRatio.schema.parse({ to: 'gateway', during: SERVICE_FAULT, max: 5 });
const judged = (cycle: ServiceCycle, given = params) => errorRatio.evaluate(given, serviceCycle(cycle));

describe('errorRatio', () => {
  it('passes services that fail little, fails those that fail much, and judges no idle one', () => {
    const cycles = cellSeeds(200);
    const verdicts = (cycle: Omit<ServiceCycle, 'seed'>) => [...new Set(cycles.map((seed) => judged({ seed, ...cycle }).verdict))];
    expect(verdicts({ conduct: { errorRatio: 0.02 } })).toEqual(['pass']);
    expect(verdicts({ conduct: { errorRatio: 0.1 } })).toEqual(['fail']);
    expect(verdicts({ conduct: { silentRatio: 0.1 } })).toEqual(['fail']);
    expect(verdicts({ isIdle: true, ratePerSecond: 20 })).toEqual(['inconclusive']);
    expect(verdicts({ ratePerSecond: 20, isUnfelt: true })).toEqual(['inconclusive']);
  }, 60_000);

  it('never passes more than 2.5 % of services whose share is just above the limit', () => {
    const passed = seeds(200).filter((seed) => judged({ seed, conduct: { errorRatio: 0.0505 } }).verdict === 'pass');
    expect(passed.length).toBeLessThanOrEqual(10);
  });

  it('says how many failed, how sure that is, and shows ten of them', () => {
    const judgement = judged({ seed: 3, conduct: { errorRatio: 0.2 } });
    expect(judgement.summary).toMatch(/^load -> gateway during "cut": \d+ of 1000 requests failed, \d+\.\d\d % \(promised: <= 5\.00 %\)$/);
    expect(judgement.measurements[0]?.interval?.[0]).toBeGreaterThan(0.15);
    expect(judgement.evidence.length).toBe(10);
    expect(judgement.alternatives).toEqual([]);
  });

  it('warns that failures in one burst are not independent', () => {
    const exchanges = times({ fromMs: 0, toMs: 20_000, everyMs: 10 }).map((startMs) => ({
      from: 'load',
      to: 'gateway-1',
      startMs,
      status: startMs >= 9_000 && startMs < 10_000 ? 500 : 200,
    }));
    const fault = { step: SERVICE_FAULT, fromMs: 8_000, toMs: 18_000, instances: ['inventory-3'] };
    const judgement = errorRatio.evaluate(params, recordOf({ exchanges, faults: [fault] }));
    expect(judgement).toMatchObject({ verdict: 'fail', alternatives: [expect.stringContaining('they failed in bursts')] });
  });

  it('judges the whole run when no time is given, and each of several steps by itself', () => {
    const whole = errorRatio.schema.parse({ to: 'gateway', max: 5 });
    expect(judged({ seed: 1, conduct: { errorRatio: 0.05 } }, whole)).toMatchObject({
      verdict: 'pass',
      summary: expect.stringContaining('of 2400 requests'),
    });
    expect(judged({ seed: 1, isUnfelt: true }, whole).verdict).toBe('inconclusive');
    const two = errorRatio.schema.parse({ to: 'gateway', during: [SERVICE_FAULT, 'never'], max: 5 });
    expect(judged({ seed: 1 }, two)).toMatchObject({ verdict: 'inconclusive', summary: 'the fault of step "never" was never on' });
  });

  it('judges one route of the load', () => {
    const other = errorRatio.schema.parse({ to: 'gateway', route: 'pay', during: SERVICE_FAULT, max: 5 });
    expect(judged({ seed: 1 }, other)).toMatchObject({
      verdict: 'inconclusive',
      summary: 'load -> gateway (pay) during "cut": only 0 requests in 10.00s; 50 are needed to judge',
    });
  });
});
