import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { byHandNote } from '../../src/reports/by-hand.js';
import { html } from '../../src/reports/html.js';
import { json } from '../../src/reports/json.js';
import { markdown } from '../../src/reports/markdown.js';
import { reportDocument } from '../../src/reports/report-document.js';
import { renderFindings } from '../../src/reports/text.js';
import { gameDayReport } from '../support/journal.js';

const event = (change: Extract<JournalEvent, { type: 'handFault' }>['change'], given: object = {}): JournalEvent =>
  ({ n: 1, atMs: 2_000, type: 'handFault', fault: 'f', change, by: 'ann', performs: 'latency', links: ['a->b'], ...given }) as JournalEvent;
const quiet = gameDayReport({ ratePerSecond: 6, pace: 0.1, bad: true, ejection: false });
const report = {
  ...quiet,
  record: {
    ...quiet.record,
    events: [event('applied'), event('expired', { matched: 5, applied: 2 }), event('refused', { reason: 'taken' })],
  },
};

describe('faults by hand in reports', () => {
  it('are said of the verdict: a replay does not repeat them', () => {
    expect(byHandNote(report.record.events)).toBe('1 fault beside the plan, put on by hand by ann: a replay does not repeat it');
    expect(renderFindings(report)).toContain('put on by hand by ann');
    expect(renderFindings(quiet)).not.toContain('by hand');
  });

  it('stand among what people said, in every format, with how they ended', () => {
    const { said } = reportDocument.parse(JSON.parse(json.render(report)));
    expect(said).toMatchObject([
      { kind: 'fault', by: 'ann', text: 'by hand: ann put latency on a->b' },
      { kind: 'fault', text: 'by hand: latency on a->b ended (its lease ran out); 5 met it, 2 faulted' },
      { kind: 'fault', text: 'by hand: ann asked for latency on a->b, refused: taken' },
    ]);
    expect(html.render(report)).toContain('ann put latency on a-&gt;b');
    expect(markdown.render(report)).toContain('ann put latency');
  });
});
