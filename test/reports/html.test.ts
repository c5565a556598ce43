import { describe, expect, it } from 'vitest';
import type { JournalEvent, RecordedPlan } from '../../src/journal/events.js';
import { foldJournal } from '../../src/journal/record.js';
import { html } from '../../src/reports/html.js';
import type { Report } from '../../src/reports/reporter.js';
import { gameDay, gameDayReport, handmadeFindings } from '../support/journal.js';

const small = { ratePerSecond: 6, pace: 0.1 };

function reportOf(events: readonly JournalEvent[]): Report {
  return { record: foldJournal(events), findings: [], verdict: 'inconclusive', exit: { code: 2, reason: 'not judged' } };
}

/** Start tags without their end: enough to see that what is opened is closed, in a page whose text is escaped. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  const VOID = new Set(['meta', 'br', 'rect', 'line', 'path', 'circle']);
  for (const [whole, closing, name = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/gi)) {
    if (whole.endsWith('/>') || (VOID.has(name) && closing === '' && name !== 'path' && name !== 'circle' && name !== 'rect')) continue;
    if (closing === '') open.push(name);
    else if (open.pop() !== name) return [`</${name}> closes something else`];
  }
  return open;
}

describe('the page', () => {
  it('looks as it did when somebody last looked at it', async () => {
    await expect(html.render(gameDayReport({ ...small, bad: true, ejection: false }))).toMatchFileSnapshot('golden/report.html');
  });

  it('is the same text for the same report', () => {
    expect(html.render(gameDayReport(small))).toBe(html.render(gameDayReport(small)));
  });

  it('shows the labels and the runbook of the plan', () => {
    const report = gameDayReport(small);
    const plan = { ...report.record.plan, runbook: 'https://wiki.example/shop?a=1&b=<2>', labels: { tier: 'gold', team: 'shop' } };
    const page = html.render({ ...report, record: { ...report.record, plan } });
    expect(page).toContain('<dt>labels</dt><dd>tier=gold, team=shop</dd>');
    expect(page).toContain('<dt>runbook</dt><dd>https://wiki.example/shop?a=1&amp;b=&lt;2&gt;</dd>');
    expect(html.render(report)).not.toContain('<dt>runbook</dt>');
  });

  it('needs nothing from anywhere and runs nothing', () => {
    const page = html.render(gameDayReport(small));
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|src=|href=|url\((?!#)/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('closes every tag that it opens, and the test would see one left open', () => {
    expect(unbalanced(html.render(gameDayReport(small)))).toEqual([]);
    expect(unbalanced('<p><b>left open</p>')).not.toEqual([]);
  });

  it('puts no broken number into the picture', () => {
    const picture = /<svg[\s\S]*<\/svg>/.exec(html.render(gameDayReport(small)))?.[0] ?? '';
    expect(picture.length).toBeGreaterThan(1_000);
    expect(picture).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  it('breaks a legend that is longer than the picture is wide', () => {
    const report = gameDayReport(small);
    const faults = report.record.faults.map((fault) => {
      const instances = report.record.plan.services.flatMap((service) => service.instances);
      return { ...fault, planned: { ...fault.planned, instances, links: report.record.plan.links.map(({ name }) => name) } };
    });
    const picture = html.render({ ...report, record: { ...report.record, faults } });
    const entries = [...picture.matchAll(/<text class="legend" x="([\d.]+)" y="[\d.]+">([^<]+)/g)];
    expect(entries.length).toBeGreaterThan(10);
    for (const [, x, text] of entries) expect(Number(x) + (text?.length ?? 0) * 5.8, text).toBeLessThanOrEqual(1_100);
  });

  it('names every fault, instance, probe and promise', () => {
    const page = html.render(gameDayReport(small));
    for (const name of [
      'one-host-goes-gray',
      'payments-down',
      'host-cut-off',
      'inventory-3',
      'shop-is-fast',
      'the-breaker-opens-and-closes',
    ])
      expect(page).toContain(name);
    expect(page).toContain('faultlab run experiments/gray-failure.yaml --seed 20261');
  });

  it('says so when the record is not whole', () => {
    const { events } = gameDay(small);
    const page = html.render(reportOf(events.slice(0, Math.floor(events.length / 2))));
    expect(page).toContain('The record of this run is not whole');
    expect(html.render(gameDayReport(small))).not.toContain('The record of this run is not whole');
  });

  it.each([0, 1, 2, 5, 40, 150])('can be drawn from the first %i events of a journal', (count) => {
    const page = html.render(reportOf(gameDay(small).events.slice(0, count)));
    expect(unbalanced(page)).toEqual([]);
    expect(/<svg[\s\S]*<\/svg>/.exec(page)?.[0]).not.toMatch(/NaN|Infinity/);
  });
});

describe('a hostile name', () => {
  const hostile = `"><script>alert('x')</script>&\u202e\u001b[2J`;

  /** Every string of the plan and of the findings replaced. */
  function poison<T>(value: T): T {
    if (typeof value === 'string') return `${value}${hostile}` as T;
    if (Array.isArray(value)) return value.map(poison) as T;
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'protocol' ? inner : poison(inner)])) as T;
  }

  it('stays text wherever it stands', () => {
    const day = gameDay(small);
    const events = day.events.map((event): JournalEvent => {
      if (event.type === 'runStarted') return { ...event, plan: poison<RecordedPlan>(event.plan) };
      const { type, n, atMs, ...rest } = event;
      const kept = { phaseStarted: event, phaseEnded: event, runEnded: event }[type as string];
      return kept ?? ({ type, n, atMs, ...poison(rest) } as JournalEvent);
    });
    const findings = handmadeFindings(day, { bad: true }).map((f) => ({
      ...poison(f),
      verdict: f.verdict,
      severity: f.severity,
      correlation: 'C1' as const,
      lanes: (f.lanes ?? []).map((lane) => ({ ...poison(lane), kind: lane.kind })),
    }));
    const page = html.render({ record: foldJournal(events), findings, verdict: 'fail', exit: { code: 1, reason: hostile } });
    expect(page).toContain('&lt;script&gt;');
    for (const active of ['<script', '\u202e', '\u001b']) expect(page).not.toContain(active);
    expect(unbalanced(page)).toEqual([]);
  });
});
