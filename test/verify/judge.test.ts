/** The judge: the worst finding counts, a broken journal acquits nobody, and the exit code follows an order. */
import { describe, expect, it } from 'vitest';
import { plain } from '../../src/journal/columns/exchange-view.js';
import type { JournalEvent, RecordedCheck } from '../../src/journal/events.js';
import { foldJournal } from '../../src/journal/record.js';
import { checks } from '../../src/verify/checks/catalog.js';
import { judge } from '../../src/verify/judge.js';
import { type History, journalOf, recordOf } from '../support/histories.js';
import { breaker, PAYMENTS_DOWN } from '../support/simulated-cycles.js';

const felt = (step: string, severity: RecordedCheck['severity'] = 'fail', minMatched = 1): RecordedCheck => ({
  name: `felt-${step}`,
  check: 'faultWasFelt',
  severity,
  params: { step, minMatched },
});
const steady: RecordedCheck = { name: 'steady', check: 'steadyState', severity: 'fail', params: {} };
const good: History = {
  exchanges: [],
  faults: [{ step: 'a', fromMs: 9_000, toMs: 10_000, instances: ['inventory-1'] }],
  checks: [felt('a')],
};
const broken: Pick<History, 'probes' | 'probeResults'> = {
  probes: [{ name: 'p', type: 'wire', mode: 'edge', expectation: 'successRate >= 99' }],
  probeResults: [
    { probe: 'p', phase: 'baseline', met: true },
    { probe: 'p', phase: 'settle', met: false },
  ],
};

describe('judge', () => {
  it('names each finding as the plan does, and passes when all pass', () => {
    const { findings, verdict } = judge(recordOf(good));
    expect(verdict).toBe('pass');
    expect(findings).toMatchObject([{ name: 'felt-a', check: 'faultWasFelt', severity: 'fail', verdict: 'pass' }]);
  });

  it('lets nothing pass by a dry run, and still sees what fails in one', () => {
    const dry = (history: History) => {
      const record = recordOf(history);
      return judge({ ...record, plan: { ...record.plan, isDry: true } });
    };
    expect(dry(good)).toMatchObject({ verdict: 'inconclusive', findings: [{ summary: expect.stringContaining('a dry run') }] });
    expect(dry({ ...good, ...broken, checks: [steady] }).verdict).toBe('fail');
  });

  it('lets nothing pass where a service ended by itself, unless it came back or somebody had told it to', () => {
    const record = recordOf(good);
    const exited = { n: 1, atMs: 9_500, type: 'serviceExited', instance: 'inventory-1', code: 3, signal: null, expected: false } as const;
    const back = { n: 2, atMs: 9_600, type: 'serviceStarted', instance: 'inventory-1', pid: 1, address: '' } as const;
    const judged = (...events: readonly JournalEvent[]) => judge({ ...record, events: [...record.events, ...events] });
    expect(judged(exited)).toMatchObject({
      verdict: 'inconclusive',
      findings: [{ summary: expect.stringMatching(/^inventory-1 ended by itself and did not come back; what was seen: /) }],
    });
    expect([judged(exited, back).verdict, judged({ ...exited, expected: true }).verdict]).toEqual(['pass', 'pass']);
  });

  it('takes the worst of the findings', () => {
    expect(judge(recordOf({ ...good, checks: [felt('a'), felt('b')] })).verdict).toBe('inconclusive');
    expect(judge(recordOf({ ...good, ...broken, checks: [felt('a'), felt('b'), steady] })).verdict).toBe('fail');
    expect(judge(recordOf({ ...good, ...broken, checks: [steady, { ...steady, check: 'crystalBall' }] })).verdict).toBe('error');
  });

  it('a plan without checks is inconclusive', () => {
    expect(judge(recordOf({ ...good, checks: [] }))).toEqual({ findings: [], verdict: 'inconclusive' });
  });

  it('a finding that only warns spoils nothing, and alone it must at least pass', () => {
    expect(judge(recordOf({ ...good, ...broken, checks: [felt('a'), { ...steady, severity: 'warn' }] })).verdict).toBe('pass');
    expect(judge(recordOf({ ...good, ...broken, checks: [{ ...steady, severity: 'warn' }] })).verdict).toBe('inconclusive');
    expect(judge(recordOf({ ...good, checks: [felt('a', 'warn')] })).verdict).toBe('pass');
  });

  it('an unknown check, or one that breaks, is an error that says why', () => {
    const { findings } = judge(
      recordOf({
        ...good,
        checks: [
          { ...steady, check: 'crystalBall' },
          { ...steady, params: null },
        ],
      }),
    );
    expect(findings[0]?.summary).toMatch(/no check named "crystalBall"; it knows .*\bcircuitBreaker, /);
    expect(findings[1]).toMatchObject({ verdict: 'error', summary: expect.stringContaining('the check "steadyState" broke') });
  });

  it('an incomplete journal can convict but not acquit', () => {
    const events = journalOf({ ...good, ...broken, checks: [felt('a'), steady] });
    const gapped = foldJournal(events, ['line 7 could not be read']);
    expect(judge(gapped).findings.map((f) => f.verdict)).toEqual(['inconclusive', 'fail']);
    expect(judge(gapped).findings[0]?.summary).toContain('the journal is incomplete, line 7 could not be read');
  });

  it.each(['stopped', 'interrupted', 'error', 'unfinished'] as const)('a run that is %s does not pass', (status) => {
    expect(judge(recordOf({ ...good, status })).verdict).toBe('inconclusive');
  });

  it('no journal that was cut short passes, wherever it was cut', () => {
    const { record } = breaker({ trip: 'timeWindow', waitMs: () => 1_500, permits: 1 }, { seed: 5 });
    const params = {
      from: 'gateway',
      to: 'payments',
      during: PAYMENTS_DOWN,
      opensWithin: 4_000,
      leaksMax: 1,
      closesAfterHealWithin: 5_000,
      minDemand: 40,
    };
    const check: RecordedCheck = { name: 'breaker', check: 'circuitBreaker', severity: 'fail', params };
    const faults = record.faults.map(({ step, fromMs, toMs }) => ({ step, fromMs, toMs, instances: ['payments-1'] }));
    const events = journalOf({ exchanges: record.exchanges.map(plain), faults, checks: [check] });
    expect(judge(foldJournal(events)).verdict, 'negative control: the whole journal passes').toBe('pass');
    for (let part = 0; part < 20; part++) {
      const cut = events.slice(0, Math.floor((events.length * part) / 20));
      expect(judge(foldJournal(cut)).verdict, `cut after ${cut.length} of ${events.length} events`).not.toBe('pass');
      const holed = events.filter((_, i) => i < cut.length || i >= cut.length + 3);
      expect(judge(foldJournal(holed)).verdict, `3 events missing after ${cut.length}`).not.toBe('pass');
    }
  });
});

describe('every check of the catalog', () => {
  it.each(checks.all.map((check) => [check.name, check] as const))('%s finds nothing to judge in an empty record', (_name, check) => {
    const judgement = check.evaluate(check.schema.parse(check.example), foldJournal([]));
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.summary.length).toBeGreaterThan(10);
  });

  it.each(checks.all.map((check) => [check.name, check] as const))('%s refuses a key that it does not know', (_name, check) => {
    expect(check.schema.safeParse({ ...(check.example as object), typo: 1 }).success).toBe(false);
    expect(check.schema.safeParse(check.example).success).toBe(true);
  });
});
