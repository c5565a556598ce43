/** `recovery`: good again in time, and for good. */
import { describe, expect, it } from 'vitest';
import { recovery } from '../../../src/verify/checks/recovery.js';
import { type HistoryExchange, type HistoryFault, recordOf, times } from '../../support/histories.js';

const params = recovery.schema.parse({ after: 'cut', from: 'load', to: 'gateway', metric: 'successRate', value: 99, within: '8s' });
const p99 = recovery.schema.parse({ after: 'cut', to: 'gateway', metric: 'p99', value: '100ms', within: '8s' });
const cut: HistoryFault = { step: 'cut', fromMs: 9_000, toMs: 12_000, instances: ['inventory-5'] };

/** A request every 10 ms; `bad` says which fail. */
function load(bad: (ms: number) => boolean, toMs = 26_000, harm: Partial<HistoryExchange> = { status: 504 }): HistoryExchange[] {
  return times({ fromMs: 0, toMs, everyMs: 10 }).map((startMs) => ({
    from: 'load',
    to: 'gateway-1',
    route: 'stock',
    startMs,
    ...(bad(startMs) && { endMs: startMs + 400, ...harm }),
  }));
}
const badUntil = (untilMs: number) => (ms: number) => ms >= 9_000 && ms < untilMs;
const slowUntil = (untilMs: number) => load(badUntil(untilMs), 26_000, {});

function judged(exchanges: readonly HistoryExchange[], faults: readonly HistoryFault[] = [cut], given = params) {
  return recovery.evaluate(given, recordOf({ exchanges, faults }));
}

describe('recovery', () => {
  it('says when the success rate was back for good', () => {
    const judgement = judged(load(badUntil(15_000)));
    expect(judgement.verdict).toBe('pass');
    expect(judgement.measurements[0]).toMatchObject({ name: 'recovered after', value: 3_000, interval: [2_750, 3_000], met: true });
    expect(judgement.summary).toBe(
      'successRate of load -> gateway was 100.00 % from 3.00s after the end of "cut" on (promised: >= 99.00 % within 8.00s)',
    );
  });

  it('fails a system that is still bad at the limit, with failed requests as evidence', () => {
    const judgement = judged(load(badUntil(24_000)));
    expect(judgement.verdict).toBe('fail');
    expect(judgement.summary).toContain('was still 0.00 %');
    expect(judgement.evidence.length).toBe(10);
  });

  it('does not take one good moment between bad ones for recovery', () => {
    const relapse = (ms: number): boolean => badUntil(13_000)(ms) || (ms >= 18_000 && ms < 24_000);
    expect(judged(load(relapse)).verdict).toBe('fail');
  });

  it('decides nothing where another fault was still on, and counts no request of other times', () => {
    const longer: HistoryFault = { step: 'longer', fromMs: 9_000, toMs: 24_000, instances: ['inventory-5'] };
    const judgement = judged(load(badUntil(13_000)), [cut, longer]);
    expect(judgement).toMatchObject({ verdict: 'inconclusive' });
    expect(judgement.summary).toContain('0ms of traffic were seen, with 0 requests in the emptiest window, before another fault');
  });

  it('takes faults that ended a moment apart for ended together', () => {
    const beside = (toMs: number): HistoryFault => ({ step: 'beside', fromMs: 9_000, toMs, instances: ['inventory-5'] });
    expect(judged(load(badUntil(13_000)), [cut, beside(12_200)])).toMatchObject({ verdict: 'pass' });
    expect(judged(load(badUntil(13_000)), [cut, beside(12_300)])).toMatchObject({ verdict: 'inconclusive' });
  });

  it('judges latency by the same rule', () => {
    expect(judged(slowUntil(14_000), [cut], p99)).toMatchObject({ verdict: 'pass' });
    expect(judged(slowUntil(24_000), [cut], p99)).toMatchObject({
      verdict: 'fail',
      summary: expect.stringContaining('was still 400ms'),
    });
  });

  it('takes no quick error for a quick answer', () => {
    const refused = times({ fromMs: 0, toMs: 26_000, everyMs: 10 }).map((startMs) => ({
      from: 'load',
      to: 'gateway-1',
      startMs,
      ...(startMs >= 9_000 && { status: 503, endMs: startMs + 2 }),
    }));
    expect(judged(refused, [cut], p99)).toMatchObject({
      verdict: 'fail',
      summary: 'p99 of load -> gateway was still without a good answer 8.25s after the end of "cut" (promised: <= 100ms within 8.00s)',
    });
    const relative = recovery.schema.parse({ after: 'cut', to: 'gateway', metric: 'p50', toBaselineRatio: 1_000, within: '8s' });
    expect(judged(refused, [cut], relative)).toMatchObject({ verdict: 'fail' });
  });

  it('compares with what it was before, where that is what is promised', () => {
    const ratio = (toBaselineRatio: number) =>
      recovery.schema.parse({ after: 'cut', to: 'gateway', metric: 'p99', toBaselineRatio, within: '8s' });
    expect(judged(load(badUntil(14_000)), [cut], ratio(1.5))).toMatchObject({ verdict: 'pass' });
    expect(judged(load(badUntil(24_000)), [cut], ratio(1.5))).toMatchObject({ verdict: 'fail' });
    expect(judged(slowUntil(24_000), [cut], ratio(1_000))).toMatchObject({ verdict: 'pass' });
    const late = load(() => false).filter(({ startMs }) => startMs >= 9_000);
    expect(judged(late, [cut], ratio(1.5))).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('no baseline') });
    const neither = { after: 'cut', to: 'gateway', metric: 'p99', within: '8s' };
    expect(recovery.schema.safeParse(neither).success).toBe(false);
    expect(recovery.schema.safeParse({ ...neither, value: '1s', toBaselineRatio: 2 }).success).toBe(false);
  });

  it.each([
    ['no traffic follows', load(() => false, 12_000), [cut]],
    ['the traffic is too thin', load(() => false).filter((_, i) => i % 40 === 0), [cut]],
    ['another fault follows at once', load(() => false), [cut, { step: 'next', fromMs: 12_500, toMs: 13_000, instances: ['payments-1'] }]],
    ['the fault was not felt', load(() => false), [{ ...cut, applied: 0 }]],
    ['the fault was never on', load(() => false), []],
    ['the traffic ends before the limit, and all of it was bad', load((ms) => ms >= 9_000, 17_000), [cut]],
  ])('is inconclusive when %s', (_why, exchanges, faults) => {
    expect(judged(exchanges, faults).verdict).toBe('inconclusive');
  });
});
