/** `slo`: the share of good requests, and how fast the budget went at the worst. */
import { describe, expect, it } from 'vitest';
import { slo } from '../../../src/verify/checks/slo.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { SERVICE_FAULT, type ServiceCycle, serviceCycle } from '../../support/simulated-service.js';

const params = slo.schema.parse({ to: 'gateway', during: SERVICE_FAULT, objective: 95, within: '100ms' });
const judged = (cycle: ServiceCycle, given = params) => slo.evaluate(given, serviceCycle(cycle));

describe('slo', () => {
  it('passes services that keep it, fails those that are slow and those that fail, and judges no idle one', () => {
    const cycles = cellSeeds(200);
    const verdicts = (cycle: Omit<ServiceCycle, 'seed'>) => [...new Set(cycles.map((seed) => judged({ seed, ...cycle }).verdict))];
    expect(verdicts({ conduct: { errorRatio: 0.02 } })).toEqual(['pass']);
    expect(verdicts({ conduct: { errorRatio: 0.1 } })).toEqual(['fail']);
    expect(verdicts({ conduct: { medianMs: 80 } })).toEqual(['fail']);
    expect(verdicts({ isIdle: true, ratePerSecond: 20 })).toEqual(['inconclusive']);
    expect(verdicts({ ratePerSecond: 20, isUnfelt: true })).toEqual(['inconclusive']);
  }, 60_000);

  it('finds the window in which the budget burns too fast, though the whole keeps the objective', () => {
    const whole = { to: 'gateway', objective: 80, burnRate: { max: 2, window: '2s' } };
    expect(judged({ seed: 1, conduct: { errorRatio: 0.25 } }, slo.schema.parse(whole)).verdict).toBe('pass');
    const bad = judged(
      { seed: 1, conduct: { errorRatio: 0.6 } },
      slo.schema.parse({ ...whole, objective: 60, burnRate: { max: 1.2, window: '2s' } }),
    );
    expect(bad).toMatchObject({ verdict: 'fail', measurements: [{ met: true }, { name: 'worst burn rate', met: false }, {}] });
    expect(bad.summary).toMatch(/the budget was burnt at up to 1\.\d times the allowed rate \(promised: <= 1\.2 over 2\.00s\)/);
  });

  it.each([
    ['the time is shorter than a window', { window: '20s' }, 'shorter than one window of 20.00s'],
    ['a window has too few requests', { window: '1s' }, 'a window of 1.00s has only 20 requests'],
  ])('takes no burn rate when %s', (_why, { window }, reason) => {
    const given = slo.schema.parse({ to: 'gateway', during: SERVICE_FAULT, objective: 60, burnRate: { max: 2, window } });
    expect(judged({ seed: 1, ratePerSecond: 20 }, given)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining(reason),
    });
  });
});
