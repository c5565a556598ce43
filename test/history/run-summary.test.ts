import { describe, expect, it } from 'vitest';
import { runSummarySchema, summaryOf } from '../../src/history/run-summary.js';
import { Exchanges } from '../../src/journal/exchanges.js';
import { gameDayReport } from '../support/journal.js';

const small = { ratePerSecond: 6, pace: 0.1 };

describe('the summary of a run', () => {
  it('has the form that stores read back', () => {
    const summary = summaryOf(gameDayReport(small));
    expect(runSummarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
    expect(summary.faults.map(({ type, edges }) => [type, edges])).toContainEqual(['abort', ['gateway->inventory']]);
  });

  it('knows the same plan again by its hash, whatever the seed, and another one by another', () => {
    const report = gameDayReport(small);
    const hashOf = (change: object) =>
      summaryOf({ ...report, record: { ...report.record, plan: { ...report.record.plan, ...change } } }).planHash;
    expect(hashOf({ seed: 7, file: 'elsewhere.yaml' })).toBe(hashOf({}));
    expect(hashOf({ steps: [] })).not.toBe(hashOf({}));
  });

  it('can be made of a journal that says nothing', () => {
    const report = gameDayReport(small);
    const record = { ...report.record, fromMs: Number.NaN, toMs: Number.NaN, exchanges: new Exchanges(), faults: [], phases: [] };
    expect(runSummarySchema.safeParse(JSON.parse(JSON.stringify(summaryOf({ ...report, record, findings: [] })))).success).toBe(true);
  });
});
