/** `throughput`: enough successes a second, and no blame for what was never asked. */
import { describe, expect, it } from 'vitest';
import { throughput } from '../../../src/verify/checks/throughput.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { SERVICE_FAULT, type ServiceCycle, serviceCycle } from '../../support/simulated-service.js';

const params = throughput.schema.parse({ to: 'gateway', during: SERVICE_FAULT, min: '80/s' });
const judged = (cycle: ServiceCycle, given = params) => throughput.evaluate(given, serviceCycle(cycle));

describe('throughput', () => {
  it('passes services that deliver, fails those that do not, and judges no idle one', () => {
    const cycles = cellSeeds(200);
    const verdicts = (cycle: Omit<ServiceCycle, 'seed'>) => [...new Set(cycles.map((seed) => judged({ seed, ...cycle }).verdict))];
    expect(verdicts({ conduct: { errorRatio: 0.1 } })).toEqual(['pass']);
    expect(verdicts({ conduct: { errorRatio: 0.4 } })).toEqual(['fail']);
    expect(verdicts({ isIdle: true, ratePerSecond: 20 })).toEqual(['inconclusive']);
    expect(verdicts({ ratePerSecond: 20, isUnfelt: true })).toEqual(['inconclusive']);
  }, 60_000);

  it('does not blame a system for what it was not asked', () => {
    const judgement = judged({ seed: 1, ratePerSecond: 50, conduct: { errorRatio: 0.4 } });
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.summary).toMatch(/succeeded, and no more than 50\.0\/s were offered \(promised: >= 80\.0\/s\)$/);
  });

  it('tells what was offered and the emptiest second', () => {
    const { measurements, summary } = judged({ seed: 1, conduct: { errorRatio: 0.4 } });
    expect(measurements.map((m) => m.name)).toEqual(['succeeded a second', 'offered a second', 'emptiest second']);
    expect(summary).toMatch(/^load -> gateway during "cut": \d\d\.\d\/s succeeded of 100\.0\/s offered/);
  });

  it('bears a run of many hours', () => {
    const record = serviceCycle({ seed: 1 });
    const faults = record.faults.map((fault) => ({ ...fault, toMs: fault.fromMs + 200_000_000 }));
    expect(throughput.evaluate(params, { ...record, faults })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('were offered'),
    });
  });

  it('does not judge a rate over a moment', () => {
    const after = throughput.schema.parse({ to: 'gateway', after: SERVICE_FAULT, min: '80/s' });
    expect(judged({ seed: 1 }, after).verdict).toBe('pass');
    const record = serviceCycle({ seed: 1 });
    const short = { ...record, faults: record.faults.map((fault) => ({ ...fault, toMs: fault.fromMs + 3_500 })) };
    expect(throughput.evaluate(params, short).summary).toContain('3 whole seconds are too few');
  });
});
