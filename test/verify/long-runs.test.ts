/** Verdicts of runs so long that the journal holds most requests only as sums: the same where counts and times are enough, none where they are not. */
import { describe, expect, it } from 'vitest';
import { flowsOf } from '../../src/reports/flow.js';
import { figuresOf } from '../../src/reports/series.js';
import { judge } from '../../src/verify/judge.js';
import { condensed } from '../support/condensed.js';
import { type History, recordOf, times } from '../support/histories.js';

const ends = { from: 'load', to: 'gateway' };
const check = (name: string, params: object) => ({ name, check: name, severity: 'fail' as const, params });
const byCounts = [
  check('errorRatio', { ...ends, max: 5, minDemand: 50 }),
  check('errorRatio', { ...ends, max: 0.5, minDemand: 50 }),
  check('throughput', { ...ends, min: 10 }),
  check('latency', { ...ends, metric: 'p95', max: 100 }),
  check('latency', { ...ends, metric: 'p95', max: 10 }),
  check('slo', { ...ends, objective: 95, within: 400, minDemand: 50, burnRate: { max: 20, window: 5_000 } }),
];

/** Two minutes with a fault in the middle; one in forty requests fails, some are slow. */
function history(checks: History['checks'] = []): History {
  const exchanges = times({ fromMs: 0, toMs: 120_000, everyMs: 20 }).map((startMs, i) => ({
    from: 'load',
    to: 'gateway-1',
    startMs,
    token: `t${i}`,
    endMs: startMs + 4 + (i % 50),
    status: i % 40 === 0 ? 503 : 200,
  }));
  return { exchanges, faults: [{ step: 'cut', fromMs: 50_000, toMs: 60_000, instances: ['gateway-1'] }], checks };
}

describe('a long run', () => {
  it('gets the verdicts that it would get from every single request, where counts and times decide', () => {
    const [whole, long] = [recordOf(history(byCounts)), condensed(history(byCounts))];
    expect(long.exchanges.length).toBeLessThan(whole.exchanges.length / 4);
    const verdicts = judge(whole).findings.map(({ verdict }) => verdict);
    expect(judge(long).findings.map(({ verdict }) => verdict)).toEqual(verdicts);
    expect(new Set(verdicts)).toEqual(new Set(['pass', 'fail']));
    const values = (record: typeof whole) =>
      judge(record).findings.map(({ measurements }) => measurements.find(({ met }) => met !== undefined)?.value);
    for (const [i, value] of values(whole).entries()) expect(Number(values(long)[i]) / Number(value)).toBeCloseTo(1, 1);
  });

  it('gets none from a check that needs each request of a time in which they were summed, and hears why', () => {
    const each = [
      check('duplicates', { ...ends, max: 0, minDemand: 10, methods: ['POST'] }),
      check('bulkhead', { ...ends, minDemand: 50 }),
      check('fencing', { at: 'gateway', token: { header: 'x' }, methods: ['POST'], minDemand: 1 }),
    ];
    const { findings } = judge(condensed(history(each)));
    expect(findings.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive', 'inconclusive']);
    expect(findings.filter(({ summary }) => summary.includes('the journal holds only sums of seconds')).length).toBeGreaterThan(1);
  });

  it('is judged request by request while a fault was on, unless there was no room for that either', () => {
    const each = [check('bulkhead', { ...ends, during: 'cut', minDemand: 50 })];
    const judged = (bounds?: object) => judge(condensed(history(each), bounds)).findings[0]?.summary;
    expect(judged()).not.toContain('sums of seconds');
    expect(judged({ singleMax: 500 })).toContain('sums of seconds');
  });

  it('has the same figures in its reports', () => {
    const [whole, long] = [recordOf(history()), condensed(history())].map((record) => {
      const [flow] = flowsOf(record);
      return flow && figuresOf(flow, { fromMs: 0, toMs: 120_000 });
    });
    expect(long).toMatchObject({ count: whole?.count, failed: whole?.failed });
    expect(Number(long?.p99Ms) / Number(whole?.p99Ms)).toBeCloseTo(1, 1);
  });
});
