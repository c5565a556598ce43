import { describe, expect, it } from 'vitest';
import { json } from '../../src/reports/json.js';
import { gameDayReport } from '../support/journal.js';

const small = { ratePerSecond: 6, pace: 0.1 };

describe('the report for programs', () => {
  it('has the shape that programs were promised', async () => {
    await expect(json.render(gameDayReport({ ...small, bad: true, ejection: false }))).toMatchFileSnapshot('golden/report.json');
  });

  it('counts time from the start of the run', () => {
    const document = JSON.parse(json.render(gameDayReport(small))) as {
      run: { durationMs: number };
      faults: { fromMs: number; toMs: number }[];
    };
    for (const fault of document.faults) {
      expect(fault.fromMs).toBeGreaterThan(0);
      expect(fault.toMs).toBeLessThan(document.run.durationMs);
    }
    expect(document.faults.length).toBe(3);
  });

  it('says null for a fault whose end was not seen', () => {
    const report = gameDayReport(small);
    const [fault] = report.record.faults;
    if (!fault) throw new Error('there is a fault');
    const open = { ...fault, toMs: Number.POSITIVE_INFINITY, endedBy: 'unknown' as const };
    const document = JSON.parse(json.render({ ...report, record: { ...report.record, faults: [open] } })) as {
      faults: { toMs: number | null }[];
    };
    expect(document.faults[0]?.toMs).toBeNull();
  });

  it('tells where to look and what the plan is sorted by, and says so where the plan does not', () => {
    const report = gameDayReport(small);
    const runOf = (more: object) =>
      (JSON.parse(json.render({ ...report, record: { ...report.record, plan: { ...report.record.plan, ...more } } })) as { run: unknown })
        .run;
    const told = { runbook: 'https://wiki.example/shop', labels: { tier: 'gold' } };
    expect(runOf(told)).toMatchObject(told);
    expect(runOf({})).toMatchObject({ runbook: null, labels: {} });
  });

  it('leaves the exchanges in the journal', () => {
    expect(json.render(gameDayReport(small))).not.toContain('"ordinal"');
  });
});
