/** `retry`: callers of known policy, good and bad; those that nothing failed for are never judged. */
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/journal/record.js';
import { retry } from '../../../src/verify/checks/retry.js';
import { estimateRetries } from '../../../src/verify/inference/retries.js';
import { retryRules } from '../../../src/verify/rules/retry-rules.js';
import { type HistoryExchange, recordOf, times } from '../../support/histories.js';
import { CALLER_FAULT, type CallerPolicy, type CallerScene, callerCycle } from '../../support/simulated-caller.js';
import { cellSeeds } from '../../support/simulated-cycles.js';

const promise = { from: 'gateway', to: 'payments', during: CALLER_FAULT };
const params = retry.schema.parse({
  ...promise,
  maxAttempts: 3,
  amplification: { max: 2.2 },
  backoff: { min: '20ms' },
  backoffJitter: { min: 0.1 },
  minRetried: 90,
});
const JITTERED = (n: number, draw: () => number): number => 30 * 2 ** (n - 2) * (0.7 + 0.6 * draw());
const GOOD: CallerPolicy = { attemptsMax: 3, waitMs: JITTERED };
const scene = { policy: GOOD, harm: 'unavailable', harmRatio: 0.5, method: 'GET', ratePerSecond: 40 } as const;
const BAD: Record<string, CallerPolicy> = {
  'too often': { ...GOOD, attemptsMax: 5 },
  'too soon': { ...GOOD, waitMs: (_n, draw) => 5 + 30 * draw() },
  'all at once': { ...GOOD, waitMs: (n) => 30 * 2 ** (n - 2) },
  never: { attemptsMax: 1 },
};

function judged(given: Partial<CallerScene>, limits = params) {
  const { record, truth } = callerCycle({ seed: 1, ...scene, ...given });
  return { judgement: retry.evaluate(limits, record), truth };
}

/** Of two calls under the fault one fails at once; the attempt of the other takes 700 ms and is given up after 300. Both ask again `waitMs` after that. */
function givenUpSilently({ waitMs, status }: { waitMs: number; status: number }): RunRecord {
  const fault = { step: CALLER_FAULT, fromMs: 8_000, toMs: 18_000, instances: ['payments-1'] };
  const exchanges = times({ fromMs: 0, toMs: 20_000, everyMs: 166 }).flatMap((startMs, i): HistoryExchange[] => {
    const token = `t${i}`;
    const attempt = { from: 'gateway-1', to: 'payments-1', token, path: '/charge' };
    const isLate = i % 2 === 0;
    const againMs = startMs + (isLate ? 300 : 4) + waitMs;
    const isHit = startMs >= fault.fromMs && startMs < fault.fromMs + 60 * 166;
    const hit = [
      isLate ? { ...attempt, startMs, endMs: startMs + 700, status } : { ...attempt, startMs, status: 503 },
      { ...attempt, startMs: againMs },
    ];
    const front = { from: 'load', to: 'gateway-1', route: 'pay', path: `/pay/${i}`, token, startMs: startMs - 1 };
    return [{ ...front, endMs: (isHit ? againMs : startMs) + 6 }, ...(isHit ? hit : [{ ...attempt, startMs }])];
  });
  return recordOf({ exchanges, faults: [fault], toMs: 24_000 });
}

describe('retry', () => {
  it('passes good callers, with every attempt counted', () => {
    const wrong = cellSeeds(200).flatMap((seed) => {
      const { judgement, truth } = judged({ seed });
      const perCall = truth.attempts.reduce((sum, attempts) => sum + attempts, 0) / truth.attempts.length;
      const told = judgement.measurements.find((m) => m.name === 'attempts per call')?.value;
      return judgement.verdict === 'pass' && told === perCall ? [] : [`${seed}: ${judgement.summary}`];
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it('fails bad ones', () => {
    const passed = cellSeeds(50).flatMap((seed) =>
      Object.entries(BAD).flatMap(([name, policy]) => (judged({ seed, policy }).judgement.verdict === 'fail' ? [] : [`${name} ${seed}`])),
    );
    expect(passed).toEqual([]);
  }, 60_000);

  it('judges nobody for whom nothing failed', () => {
    const verdicts = cellSeeds(100).flatMap((seed) =>
      [{ isIdle: true }, { isUnfelt: true }].map((idle) => judged({ ...idle, seed, policy: { attemptsMax: 9 } }).judgement.verdict),
    );
    expect([...new Set(verdicts)]).toEqual(['inconclusive']);
  }, 60_000);

  it('says what is wrong with each bad one', () => {
    const summaries = Object.fromEntries(Object.entries(BAD).map(([name, policy]) => [name, judged({ policy }).judgement.summary]));
    expect(summaries['too often']).toContain('up to 5 attempts were made for one call (promised: <= 3)');
    expect(summaries['too soon']).toMatch(/\d+ of \d+ retries came sooner than after 20ms/);
    expect(summaries['all at once']).toMatch(/spread by 0\.0\d of their mean, like a fixed wait without jitter/);
    expect(summaries['never']).toMatch(/0 of \d+ calls whose first attempt failed were tried again, so less than \d\.\d\d % are/);
  });

  it('forgives timers the millisecond that they fire early', () => {
    const limits = retry.schema.parse({ ...promise, backoff: { min: '20ms' } });
    const summary = (waitMs: number) => judged({ policy: { attemptsMax: 3, waitMs: () => waitMs } }, limits).judgement.summary;
    expect(summary(19.3)).toMatch(/ 0 of \d+ retries came sooner than after 20ms/);
    expect(summary(18.5)).toMatch(/[1-9]\d* of \d+ retries came sooner than after 20ms/);
  });

  it('does not take the late end of what was given up without a word for the beginning of the wait', () => {
    const backoff = { ...promise, backoff: { min: '500ms' } };
    const limits = retry.schema.parse(backoff);
    expect(retry.evaluate(limits, givenUpSilently({ waitMs: 500, status: 200 }))).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('the wire was not told when'),
    });
    expect(retry.evaluate(limits, givenUpSilently({ waitMs: 1_000, status: 200 })).summary).toContain(' 0 of 60 retries came sooner');
    // What failed in the end may have been waited for, unless its time was up by what is declared.
    const failed = givenUpSilently({ waitMs: 500, status: 503 });
    expect(retry.evaluate(limits, failed).verdict).toBe('fail');
    const opossum = retry.schema.parse({ ...backoff, preset: { opossum: { timeout: '300ms' } } });
    expect(retry.evaluate(opossum, failed).verdict).toBe('inconclusive');
    expect(retry.evaluate(limits, givenUpSilently({ waitMs: 500, status: 429 })).verdict).toBe('fail');
  });

  it('finds the shortest of more waits than a call takes arguments', () => {
    const waitsMs = Array.from({ length: 200_000 }, (_, n) => ({ n, waitMs: 30 + n }));
    const seen = { ...estimateRetries([]), waitsMs };
    const rule = retryRules({ backoff: { min: 20 }, nonIdempotent: 'allowed' }, seen, true);
    expect(rule).toMatchObject([{ value: 30, met: true }]);
  });

  it('finds the law of the waits', () => {
    const law = (policy: CallerPolicy) =>
      judged({ policy, harmRatio: 0.8 }).judgement.measurements.find((m) => m.name === 'backoff')?.value;
    expect(law({ attemptsMax: 4, waitMs: (n) => 20 * 2 ** (n - 2) })).toBe('exponential, 2.0 times each');
    expect(law({ attemptsMax: 4, waitMs: () => 25 })).toBe('fixed');
    expect(law({ attemptsMax: 6, waitMs: (n) => Math.min(80, 20 * 2 ** (n - 2)) })).toBe('growing to a cap of 80ms');
  });

  it('does not let anybody repeat what may have been done, but what never arrived', () => {
    const limits = retry.schema.parse(promise);
    const post = { method: 'POST', harmRatio: 0.2 };
    expect(judged({ ...post, harm: 'answerLost' }, limits).judgement).toMatchObject({
      verdict: 'fail',
      correlation: 'C2',
      summary: expect.stringMatching(/\d+ requests that are not idempotent were sent again after they had been delivered/),
    });
    const strict = judged({ ...post, harm: 'refused', backgroundErrors: 0 }, limits).judgement;
    expect(strict).toMatchObject({ verdict: 'pass', measurements: [{ name: 'unsafe retries', value: 0 }, {}, {}, {}, {}, {}] });
    expect(
      judged({ ...post, harm: 'answerLost' }, retry.schema.parse({ ...promise, maxAttempts: 3, nonIdempotent: 'allowed' })).judgement
        .verdict,
    ).toBe('pass');
  });

  it('holds retries against a budget, and sees when there are more', () => {
    const budget = retry.schema.parse({ ...promise, budgetPercent: 20 });
    const verdict = (given: Partial<CallerScene>) => judged(given, budget).judgement.verdict;
    expect(verdict({ policy: { ...GOOD, budgetPercent: 10 } })).toBe('pass');
    expect(verdict({ policy: GOOD })).toBe('fail');
  });

  it('tells when the storm began', () => {
    const { measurements } = judged({ harmRatio: 1, policy: { attemptsMax: 4 } }).judgement;
    expect(measurements.find((m) => m.name === 'more attempts than allowed, from')?.value).toBeLessThan(1_500);
    const calm = judged({ harmRatio: 0.3 }).judgement.measurements;
    expect(calm.find((m) => m.name === 'more attempts than allowed, from')).toBeUndefined();
  });

  it('never says how often anybody retried when nothing joins the attempts', () => {
    expect(judged({ token: 'dropped' }).judgement).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('(C0)') });
    expect(judged({ token: 'inPath' }).judgement).toMatchObject({ verdict: 'pass', correlation: 'C1' });
  });
});
