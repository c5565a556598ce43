/** Whose breaker is seen: a route’s own, which has no reason to open where the fault leaves it alone, or one of several that are seen together. */
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/journal/record.js';
import { circuitBreaker } from '../../../src/verify/checks/circuit-breaker.js';
import { type HistoryExchange, recordOf, times } from '../../support/histories.js';

const STEP = 'pay-fails';
const fault = { fromMs: 10_000, toMs: 20_000 };

/** Payments and refunds in turn; a breaker before payments alone, if any. */
function history(isGuarded: boolean): HistoryExchange[] {
  let openUntilMs = 0;
  let failures = 0;
  return times({ fromMs: 0, toMs: 30_000, everyMs: 10 }).flatMap((startMs, i): HistoryExchange[] => {
    const isPay = i % 2 === 0;
    const token = `token-${i}`;
    const route = isPay ? 'pay' : 'refund';
    const front: HistoryExchange = { from: 'load', to: 'gateway-1', route, token, startMs };
    if (isGuarded && isPay && startMs < openUntilMs) return [{ ...front, endMs: startMs + 1, status: 202 }];
    const isHit = isPay && startMs >= fault.fromMs && startMs < fault.toMs;
    if (isPay) failures = isHit ? failures + 1 : 0;
    if (isPay && failures >= 5) openUntilMs = startMs + 1_000;
    const harmed = isHit ? { status: 503, applied: [`r/${STEP}`] } : {};
    return [
      front,
      { from: 'gateway-1', to: 'payments-1', path: `/${route}`, token, startMs: startMs + 0.5, endMs: startMs + 3, ...harmed },
    ];
  });
}

const limits = { opensWithin: '2s', leaksMax: 0, halfOpenTrials: { max: 1 }, closesAfterHealWithin: '2s' };
const params = circuitBreaker.schema.parse({ from: 'gateway', to: 'payments', during: STEP, ...limits });
const judged = (isGuarded: boolean) =>
  circuitBreaker.evaluate(
    params,
    recordOf({ exchanges: history(isGuarded), faults: [{ step: STEP, ...fault, instances: ['payments-1'] }] }),
  );

/** Behind a front, each instance of the gateway with a breaker of its own. */
function behindFront(instances: number): RunRecord {
  const breakers = Array.from({ length: instances }, () => ({ openUntilMs: 0, failures: 0 }));
  const exchanges = times({ fromMs: 0, toMs: 30_000, everyMs: 10 }).flatMap((startMs, i): HistoryExchange[] => {
    const place = i % instances;
    const breaker = breakers[place] ?? { openUntilMs: 0, failures: 0 };
    const token = `token-${i}`;
    const front: HistoryExchange = { from: 'load', to: 'front-1', route: 'pay', token, startMs, endMs: startMs + 5 };
    if (startMs < breaker.openUntilMs) return [front];
    const isHit = startMs >= fault.fromMs && startMs < fault.toMs;
    breaker.failures = isHit ? breaker.failures + 1 : 0;
    if (breaker.failures >= 5) breaker.openUntilMs = startMs + 1_000 + 137 * place;
    const harmed = isHit ? { status: 503, applied: [`r/${STEP}`] } : {};
    return [front, { from: `gateway-${place + 1}`, to: 'payments-1', token, startMs: startMs + 0.5, endMs: startMs + 3, ...harmed }];
  });
  const gateways = breakers.map((_, i) => `gateway-${i + 1}`);
  const record = recordOf({ exchanges, faults: [{ step: STEP, ...fault, instances: ['payments-1'] }], gateways });
  return { ...record, plan: { ...record.plan, load: { service: 'front', routes: [{ name: 'pay', method: 'GET', weight: 1 }] } } };
}

describe('a caller that the load does not call itself', () => {
  it('is judged as a whole, and of several instances no trial is taken for another’s leak', () => {
    expect(circuitBreaker.evaluate(params, behindFront(1)).verdict).toBe('pass');
    for (const instances of [2, 3]) {
      expect(circuitBreaker.evaluate(params, behindFront(instances))).toMatchObject({
        verdict: 'inconclusive',
        summary: expect.stringContaining(`the caller has ${instances} instances, each with a breaker of its own perhaps`),
      });
    }
    const { leaksMax: _leaks, halfOpenTrials: _trials, ...whole } = params;
    expect(circuitBreaker.evaluate(whole, behindFront(2)).verdict).toBe('pass');
  });
});

describe('a breaker for each route', () => {
  it('is judged by the routes that the fault hits', () => {
    const { verdict, summary, alternatives } = judged(true);
    expect(verdict).toBe('pass');
    expect(summary).toMatch(/^gateway-1 -> payments \(but for refund\): opened /);
    expect(alternatives).toContain('other routes: not looked at, the fault left refund alone');
  });

  it('is missed where there is none, whatever other routes do', () => {
    expect(judged(false)).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('(but for refund): never opened') });
  });
});
