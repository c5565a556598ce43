/** Judging is one pass and a few sorts: a long run must not make the verdict wait. The bound is generous; the figure is printed. */
import { expect, it } from 'vitest';
import { linkName } from '../../src/journal/observations.js';
import { judge } from '../../src/verify/judge.js';
import { type HistoryExchange, INVENTORY, recordOf } from '../support/histories.js';

it('judges 200,000 exchanges with all checks in well under three seconds', () => {
  const exchanges: HistoryExchange[] = [];
  for (let i = 0; i < 100_000; i++) {
    const startMs = i * 2;
    const isPay = i % 3 === 0;
    const to = isPay ? 'payments-1' : (INVENTORY[i % 5] ?? '');
    const words = { token: `t${i}`, path: `/${isPay ? 'pay' : 'stock'}/k${i}`, route: isPay ? 'pay' : 'stock' };
    const isFaulted = startMs > 50_000 && startMs < 90_000 && (isPay || to === 'inventory-3');
    exchanges.push({ ...words, from: 'load', to: 'gateway-1', startMs });
    exchanges.push({
      ...words,
      from: 'gateway-1',
      to,
      startMs: startMs + 1,
      link: linkName('gateway-1', to),
      ...(isFaulted && { status: 503 }),
    });
  }
  const ejection = { from: 'gateway', to: 'inventory', during: 'gray', detectWithin: 6_000, falsePositives: 0, minDemandPerHost: 30 };
  const checks = [
    { check: 'outlierEjection', params: ejection },
    {
      check: 'circuitBreaker',
      params: { from: 'gateway', to: 'payments', during: 'down', opensWithin: 4_000, leaksMax: 1, minDemand: 40 },
    },
    {
      check: 'recovery',
      params: { after: 'down', from: 'load', to: 'gateway', metric: 'successRate', value: 99, within: 8_000, window: 2_000, minDemand: 20 },
    },
    { check: 'faultWasFelt', params: { step: 'gray', minMatched: 1 } },
  ].map((planned) => ({ ...planned, name: planned.check, severity: 'fail' as const }));
  const faults = [
    { step: 'gray', fromMs: 50_000, toMs: 90_000, instances: ['inventory-3'] },
    { step: 'down', fromMs: 50_000, toMs: 90_000, instances: ['payments-1'] },
  ];
  const record = recordOf({ exchanges, faults, checks, baseline: [0, 40_000] });
  // Processor time: what the machine does besides must not fail a build.
  const before = process.cpuUsage();
  const { findings } = judge(record);
  const tookMs = process.cpuUsage(before).user / 1_000;
  console.info(`judged ${exchanges.length} exchanges with ${checks.length} checks in ${tookMs.toFixed(0)} ms of processor time`);
  expect(findings.map((f) => f.verdict)).toEqual(['fail', 'fail', 'pass', 'pass']);
  expect(tookMs).toBeLessThan(3_000);
}, 60_000);
