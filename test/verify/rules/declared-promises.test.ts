/** Promises from declarations: what a policy or a product's preset says is held against the wire, and what it rules out is not judged. */
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/journal/record.js';
import { circuitBreaker } from '../../../src/verify/checks/circuit-breaker.js';
import { retry } from '../../../src/verify/checks/retry.js';
import { timeout } from '../../../src/verify/checks/timeout.js';
import { modelsOfPolicy } from '../../../src/verify/presets/policy-models.js';
import { retryPromises, timeoutPromises } from '../../../src/verify/rules/declared-promises.js';
import { CALLER_FAULT, callerCycle } from '../../support/simulated-caller.js';
import { breaker, PAYMENTS_DOWN } from '../../support/simulated-cycles.js';
import { HANG, waiterCycle } from '../../support/simulated-waiter.js';

const NAME = 'declared';
/** The record of a run whose plan declares this of gateway -> payments. */
function declaring(record: RunRecord, settings: Readonly<Record<string, unknown>>): RunRecord {
  return { ...record, plan: { ...record.plan, policies: [{ name: NAME, from: 'gateway', to: 'payments', settings, summary: '' }] } };
}

describe('a declared timeout', () => {
  const waits = (settings: object, timeoutMs = 500) => {
    const record = waiterCycle({ seed: 1, policy: { timeoutMs, kind: 'total', cancels: true } });
    return timeout.evaluate(timeout.schema.parse({ policy: NAME, during: HANG }), declaring(record, { timeout: settings }));
  };

  it('is held against the wire, from both sides', () => {
    expect(waits({ perAttempt: 500, cancels: true }).verdict).toBe('pass');
    expect(waits({ perAttempt: 300 })).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('(promised: <= 300ms)') });
    expect(waits({ perAttempt: 900 })).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('sooner than after 900ms') });
  });

  it('bounds each attempt by the whole', () => {
    expect(timeoutPromises({ totalMs: 2_000 }, true)).toEqual({ perAttempt: 2_000, total: 2_000, atLeast: 2_000 });
    expect(timeoutPromises({ perAttemptMs: 800, cancels: false }, false)).toEqual({ perAttempt: 800, atLeast: 800 });
  });

  it('is not judged where there is no such policy', () => {
    const record = waiterCycle({ seed: 1, policy: { timeoutMs: 500, kind: 'total', cancels: true } });
    const judgement = timeout.evaluate(timeout.schema.parse({ policy: 'other', during: HANG }), record);
    expect(judgement).toMatchObject({ verdict: 'inconclusive', summary: 'the recorded plan has no policy "other"' });
  });
});

describe('a declared retry', () => {
  it('promises attempts, waits and their spread', () => {
    const settings = { maxAttempts: 3, budgetPercent: 20, backoff: { base: 100, factor: 2, jitter: 'equal' } };
    const { record } = callerCycle({ seed: 1, policy: { attemptsMax: 3 }, harm: 'unavailable' });
    const { retry: model } = modelsOfPolicy(declaring(record, { retry: settings }).plan, NAME);
    expect(model && retryPromises(model)).toMatchObject({ maxAttempts: 3, budgetPercent: 20, backoff: { min: 50 } });
    expect((model && retryPromises(model))?.backoffJitter?.min).toBeCloseTo(0.115, 2);
  });

  it('is held against the wire, and what the check says itself comes first', () => {
    const { record } = callerCycle({ seed: 1, policy: { attemptsMax: 5 }, harm: 'unavailable', harmRatio: 0.8, method: 'GET' });
    const judged = (more: object) =>
      retry.evaluate(retry.schema.parse({ policy: NAME, during: CALLER_FAULT, ...more }), declaring(record, { retry: { maxAttempts: 3 } }));
    expect(judged({})).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('(promised: <= 3)') });
    expect(judged({ maxAttempts: 5 }).verdict).toBe('pass');
  });
});

describe('a declared number of attempts that no call came to', () => {
  const { record } = callerCycle({ seed: 1, policy: { attemptsMax: 3 }, harm: 'unavailable', harmRatio: 0.1, method: 'GET' });
  const judged = (more: object) =>
    retry.evaluate(retry.schema.parse({ policy: NAME, during: CALLER_FAULT, ...more }), declaring(record, { retry: { maxAttempts: 3 } }));

  it('is told, and holds up no promise that the check makes itself', () => {
    const judgement = judged({ amplification: { max: 1.3 } });
    expect(judgement.verdict).toBe('pass');
    expect(judgement.alternatives?.[0]).toMatch(/^declared, but not put to the test: .* calls failed 3 times, 5 are needed/);
    expect(judgement.measurements.find(({ name }) => name === 'attempts for one call')).toMatchObject({ met: null, limit: '<= 3' });
  });

  it('is what a check is about that says nothing itself, or the same', () => {
    expect(judged({}).verdict).toBe('inconclusive');
    expect(judged({ maxAttempts: 3, amplification: { max: 1.3 } }).verdict).toBe('inconclusive');
  });

  it('is broken all the same', () => {
    const often = callerCycle({ seed: 1, policy: { attemptsMax: 5 }, harm: 'unavailable', harmRatio: 0.8, method: 'GET' }).record;
    const given = retry.schema.parse({ policy: NAME, during: CALLER_FAULT, amplification: { max: 5 } });
    expect(retry.evaluate(given, declaring(often, { retry: { maxAttempts: 3 } })).verdict).toBe('fail');
  });
});

describe('a declared breaker', () => {
  const { record } = breaker({ trip: 'timeWindow', waitMs: () => 1_500, permits: 1 }, { seed: 3 });
  const judged = (more: object, settings: object = {}) =>
    circuitBreaker.evaluate(
      circuitBreaker.schema.parse({ during: PAYMENTS_DOWN, ...more }),
      declaring(record, { circuitBreaker: settings }),
    );
  const like = { failureRatio: 0.5, samplingDuration: 2_000, minimumThroughput: 10, breakDuration: 1_500, halfOpenTrials: 1 };

  it('promises when it opens, how it tries and when it closes', () => {
    const judgement = judged({ policy: NAME }, like);
    expect(judgement.verdict).toBe('pass');
    expect(judgement.measurements.flatMap(({ limit }) => limit ?? [])).toEqual(['<= 3.00s', '<= 1 at a time', '<= 4.00s']);
  });

  it('is judged by a product’s settings as well', () => {
    const opossum = { resetTimeout: '1500ms', rollingCountTimeout: '2s', volumeThreshold: 10 };
    expect(judged({ from: 'gateway', to: 'payments', preset: { opossum } }).verdict).toBe('pass');
  });

  it('is not judged where its settings rule it out, and says why', () => {
    expect(judged({ policy: NAME }, { ...like, minimumThroughput: 5_000 })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringMatching(
        /^by what is declared the breaker does not open under this fault: about \d+ calls in 2 s, and 5000 are needed/,
      ),
    });
    expect(judged({ policy: NAME }, {}).verdict).toBe('inconclusive');
  });

  it('needs to know who, whom, and by when', () => {
    const message = (params: object) => circuitBreaker.schema.safeParse({ during: PAYMENTS_DOWN, ...params }).error?.message ?? '';
    expect(message({ opensWithin: '1s' })).toContain('expected `from` and `to`, or a `policy`');
    expect(message({ from: 'a', to: 'b' })).toContain('expected `opensWithin`, or a `policy` or `preset`');
    expect(message({ from: 'a', to: 'b', preset: { opossum: {}, polly: {} } })).toContain('expected one product');
  });
});
