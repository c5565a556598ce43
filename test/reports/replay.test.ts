import { describe, expect, it } from 'vitest';
import { html } from '../../src/reports/html.js';
import { replayCommand } from '../../src/reports/replay.js';
import { gameDayReport } from '../support/journal.js';

describe('the command that does it again', () => {
  it('reaches a shell as one word', () => {
    const { plan } = gameDayReport({ ratePerSecond: 4, pace: 0.1 }).record;
    const command = replayCommand({ ...plan, file: 'my plan.yaml', seed: 7, inputs: { key: `it's; rm -rf /` } });
    expect(command).toBe(`faultlab run 'my plan.yaml' --seed 7 --var 'key=it'\\''s; rm -rf /'`);
  });

  it('judges a log again, which was no run', () => {
    const { plan } = gameDayReport({ ratePerSecond: 4, pace: 0.1 }).record;
    const log = { ...plan, log: { hasTimes: true } };
    expect(replayCommand({ ...log, file: 'a.har' })).toBe('faultlab verify --har a.har');
    expect(replayCommand({ ...log, file: 'access.log' })).toBe('faultlab verify --access-log access.log');
    const report = gameDayReport({ ratePerSecond: 4, pace: 0.1 });
    expect(html.render(report)).toContain('faultlab replay');
    expect(html.render({ ...report, record: { ...report.record, plan: log } })).not.toContain('faultlab replay');
  });
});
