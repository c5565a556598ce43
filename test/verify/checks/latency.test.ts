/** `latency`: quick enough, by the whole sample, and an error is no quick answer. */
import { describe, expect, it } from 'vitest';
import { latency } from '../../../src/verify/checks/latency.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { SERVICE_FAULT, type ServiceCycle, serviceCycle } from '../../support/simulated-service.js';

const params = latency.schema.parse({ to: 'gateway', during: SERVICE_FAULT, metric: 'p95', max: '40ms' });
const judged = (cycle: ServiceCycle, given = params) => latency.evaluate(given, serviceCycle(cycle));

describe('latency', () => {
  it('passes services that are quick, fails those that are not, and judges no idle one', () => {
    const cycles = cellSeeds(200);
    const verdicts = (cycle: Omit<ServiceCycle, 'seed'>) => [...new Set(cycles.map((seed) => judged({ seed, ...cycle }).verdict))];
    expect(verdicts({ conduct: { medianMs: 15 } })).toEqual(['pass']);
    expect(verdicts({ conduct: { medianMs: 40 } })).toEqual(['fail']);
    expect(verdicts({ isIdle: true, ratePerSecond: 20 })).toEqual(['inconclusive']);
    expect(verdicts({ ratePerSecond: 20, isUnfelt: true, conduct: { medianMs: 40 } })).toEqual(['inconclusive']);
  }, 60_000);

  it('does not take quick errors for quick answers', () => {
    expect(judged({ seed: 1, conduct: { medianMs: 60, errorRatio: 0.7 } }).verdict).toBe('fail');
    const judgement = judged({ seed: 1, conduct: { errorRatio: 0.99 } });
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.summary).toMatch(/\d+ of 1000 requests failed at once, and only \d+ tell a time/);
  });

  it('takes a request that nobody answered for slower than any limit, however soon its caller gave up', () => {
    const long = latency.schema.parse({ to: 'gateway', during: SERVICE_FAULT, metric: 'p95', max: '1s' });
    const judgement = judged({ seed: 1, conduct: { silentRatio: 0.1 } }, long);
    expect(judgement).toMatchObject({ verdict: 'fail', measurements: [{ name: 'p95', value: null }, {}] });
    expect(judgement.summary).toBe('load -> gateway during "cut": p95 was longer than anybody waited (promised: <= 1.00s)');
    expect(judgement.evidence.length).toBe(10);
  });

  it('says what it does not know when the requests are too few for the quantile', () => {
    const p99 = latency.schema.parse({ to: 'gateway', during: SERVICE_FAULT, metric: 'p99', max: '400ms' });
    const judgement = judged({ seed: 1, ratePerSecond: 10 }, p99);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.summary).toMatch(/but 100 requests leave .* and anything above possible/);
  });

  it('compares with the baseline, after a fault as well', () => {
    const ratio = { to: 'gateway', metric: 'p50', toBaselineRatio: 1.5 };
    const during = latency.schema.parse({ ...ratio, during: SERVICE_FAULT });
    const after = latency.schema.parse({ ...ratio, after: SERVICE_FAULT });
    expect(judged({ seed: 1, conduct: { medianMs: 20 } }, during)).toMatchObject({
      verdict: 'fail',
      summary: expect.stringContaining('1.5 × the baseline'),
    });
    expect(judged({ seed: 1, conduct: { medianMs: 20 } }, after).verdict).toBe('pass');
  });

  it('wants one limit and one time', () => {
    const wrong = [{}, { max: '1s', toBaselineRatio: 2 }, { max: '1s', during: 'a', after: 'b' }];
    expect(wrong.map((part) => latency.schema.safeParse({ to: 'gateway', metric: 'p50', ...part }).success)).toEqual([false, false, false]);
  });
});
