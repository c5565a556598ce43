/** Summaries of runs, made up: each is a pass of the same plan, a day after the one before, unless said otherwise. */
import type { RunSummary } from '../../src/history/run-summary.js';

export const DAY_MS = 86_400e3;
export const FIRST_MS = Date.UTC(2026, 0, 1);

export function summary(day: number, change: Partial<RunSummary> = {}): RunSummary {
  const startedWallMs = FIRST_MS + day * DAY_MS;
  const stamp = new Date(startedWallMs).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  return {
    run: `${stamp}-shop-abc123`,
    title: 'shop',
    file: 'shop.yaml',
    environment: 'local',
    seed: 1,
    inputs: {},
    version: '0.1.0',
    planHash: 'aaaa',
    startedWallMs,
    durationMs: 60_000,
    status: 'completed',
    verdict: 'pass',
    exitCode: 0,
    exitReason: 'every promise was kept',
    findings: [
      {
        name: 'ejects',
        check: 'outlierEjection',
        severity: 'fail',
        verdict: 'pass',
        summary: 'ejected after 1 s',
        step: 'gray',
        measurements: [{ name: 'time to ejection', value: 1_000 + day, unit: 'ms' }],
      },
    ],
    faults: [{ step: 'gray', type: 'abort', edges: ['gateway->inventory'], matched: 100, applied: 40 }],
    flows: [{ from: 'load', to: 'gateway', count: 1_000, successRate: 99.5, p50Ms: 4, p99Ms: 20 }],
    ...change,
  };
}
