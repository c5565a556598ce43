/** Logs as journals: what the checks can say of requests that nobody of ours has seen, and what they leave open. */
import { describe, expect, it } from 'vitest';
import { readHar } from '../../../src/interchange/logs/har.js';
import { journalOfLog } from '../../../src/interchange/logs/log-journal.js';
import type { LoggedRequest } from '../../../src/interchange/logs/logged-request.js';
import { foldJournal } from '../../../src/journal/record.js';
import { checks } from '../../../src/verify/checks/catalog.js';
import { judge } from '../../../src/verify/judge.js';

const TEN = Date.UTC(2026, 10, 21, 10);
const request = (i: number, more: Partial<LoggedRequest> = {}): LoggedRequest => ({
  atMs: TEN + i * 50,
  host: 'shop:80',
  method: 'GET',
  path: '/a',
  status: 200,
  tookMs: 20,
  ...more,
});
/** 20 requests a second for 20 s; every n-th differs. */
const requests = (every = 1, more: Partial<LoggedRequest> = {}) =>
  Array.from({ length: 400 }, (_, i) => request(i, i % every === 0 ? more : {}));

const judged = (of: readonly LoggedRequest[], check: string, params: object, gaps: readonly string[] = []) => {
  const parsed = checks.get(check)?.schema.parse(params);
  const recorded = [{ name: check, check, severity: 'fail' as const, params: parsed }];
  const events = journalOfLog({ requests: of, unread: 0 }, { file: 'access.log', checks: recorded });
  const [finding] = judge(foldJournal(events, gaps)).findings;
  return finding;
};
const SHOP = { to: 'shop-80' };

describe('a log', () => {
  it('is judged by latency, errors, throughput and objectives, from both sides', () => {
    expect(judged(requests(), 'latency', { ...SHOP, metric: 'p99', max: '100ms' })?.verdict).toBe('pass');
    expect(judged(requests(10, { tookMs: 900 }), 'latency', { ...SHOP, metric: 'p99', max: '100ms' })?.verdict).toBe('fail');
    expect(judged(requests(), 'errorRatio', { ...SHOP, max: 5 })?.verdict).toBe('pass');
    expect(judged(requests(3, { status: 503 }), 'errorRatio', { ...SHOP, max: 5 })?.verdict).toBe('fail');
    expect(judged(requests(), 'throughput', { ...SHOP, min: '15/s' })?.verdict).toBe('pass');
    expect(judged(requests(2, { status: 0 }), 'throughput', { ...SHOP, min: '15/s' })?.verdict).toBe('fail');
    expect(judged(requests(), 'slo', { ...SHOP, objective: 95, within: '100ms' })?.verdict).toBe('pass');
    expect(judged(requests(4, { tookMs: 500 }), 'slo', { ...SHOP, objective: 95, within: '100ms' })?.verdict).toBe('fail');
  });

  it('is judged with its last second', () => {
    const whole = requests(4, { status: 503 }).map((one) => ({ ...one, atMs: Math.floor(one.atMs / 1_000) * 1_000, tookMs: null }));
    expect(judged(whole, 'errorRatio', { ...SHOP, max: 5 })?.summary).toContain('100 of 400 requests failed');
  });

  it('without times says nothing of times', () => {
    const untimed = requests(7, { tookMs: null });
    const reason = { verdict: 'inconclusive', summary: 'the log does not say how long requests took' };
    expect(judged(untimed, 'latency', { ...SHOP, metric: 'p50', max: '100ms' })).toMatchObject(reason);
    expect(judged(untimed, 'slo', { ...SHOP, objective: 95, within: '100ms' })).toMatchObject(reason);
    expect(judged(untimed, 'slo', { ...SHOP, objective: 95 })?.verdict).toBe('pass');
  });

  it('has no baseline that anything could be compared with', () => {
    const finding = judged(requests(), 'latency', { ...SHOP, metric: 'p50', toBaselineRatio: 2 });
    expect(finding).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('no baseline') });
  });

  it('leaves everything about faults open, and never passes it', () => {
    for (const { name, example } of checks.all) {
      const finding = judged(requests(), name, example as object);
      if (!['latency', 'errorRatio', 'throughput', 'slo'].includes(name)) expect(finding?.verdict, name).toBe('inconclusive');
      else expect(finding?.verdict, name).not.toBe('pass');
    }
    const finding = judged(requests(), 'errorRatio', { ...SHOP, max: 5, during: 'cut' });
    expect(finding?.summary).toContain('a log does not tell of faults, so nothing is known of step "cut"');
  });

  it('that could not be read whole acquits nobody', () => {
    const finding = judged(requests(), 'errorRatio', { ...SHOP, max: 5 }, ['3 lines of the log could not be read']);
    expect(finding).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('3 lines of the log') });
  });

  it('keeps the tokens of a HAR', () => {
    const headers = [
      { name: 'X-Request-Id', value: 'abc-1' },
      { name: 'Cookie', value: 'secret' },
    ];
    const entry = {
      startedDateTime: '2026-11-21T10:00:00.000Z',
      time: 5,
      request: { method: 'GET', url: 'http://shop/a', headers },
      response: { status: 200 },
    };
    const log = readHar(JSON.stringify({ log: { entries: [entry] } }), 'x.har');
    const [exchange] = foldJournal(journalOfLog(log, { file: 'x.har', checks: [] })).exchanges;
    expect(exchange).toMatchObject({ to: 'shop-80', token: 'abc-1', tokens: { 'x-request-id': 'abc-1' } });
    expect(JSON.stringify(exchange)).not.toContain('secret');
  });
});
