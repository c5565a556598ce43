/** Pools that are full look like open breakers, and are none; breakers whose calls hang are. */
import { describe, expect, it } from 'vitest';
import { circuitBreaker } from '../../../src/verify/checks/circuit-breaker.js';
import { type HistoryExchange, recordOf, times } from '../../support/histories.js';

const STEP = 'hang';
const fault = { fromMs: 10_000, toMs: 20_000 };
const EVERY_MS = 20;

interface Caller {
  /** Calls at a time at most. */
  roomFor: number;
  /** For how long nobody gets through once a call has failed; 0: there is no breaker. */
  openMs: number;
  patienceMs: number;
}

function history({ roomFor, openMs, patienceMs }: Caller): HistoryExchange[] {
  let ends: number[] = [];
  let openUntilMs = 0;
  return times({ fromMs: 0, toMs: 30_000, everyMs: EVERY_MS }).flatMap((startMs, i): HistoryExchange[] => {
    const token = `token-${i}`;
    const front: HistoryExchange = { from: 'load', to: 'gateway-1', route: 'pay', token, startMs };
    const isOn = startMs >= fault.fromMs && startMs < fault.toMs;
    const failedMs = ends.filter((endMs) => endMs <= startMs);
    if (openMs > 0 && isOn && failedMs.length > 0) openUntilMs = Math.max(openUntilMs, ...failedMs.map((ms) => ms + openMs));
    ends = ends.filter((endMs) => endMs > startMs);
    const isTrying = openUntilMs > 0 && ends.length > 0;
    if (ends.length >= roomFor || (isOn && (startMs < openUntilMs || isTrying))) return [{ ...front, endMs: startMs + 1, status: 503 }];
    const endMs = isOn ? Math.min(startMs + patienceMs, fault.toMs + 5) : startMs + 5;
    if (isOn) ends.push(endMs);
    const harmed = isOn ? { end: 'clientReset' as const, applied: [`r/${STEP}`] } : {};
    return [
      { ...front, endMs: endMs + 1, status: isOn ? 504 : 200 },
      { from: 'gateway-1', to: 'payments-1', token, startMs: startMs + 0.5, endMs, ...harmed },
    ];
  });
}

const params = circuitBreaker.schema.parse({
  from: 'gateway',
  to: 'payments',
  during: STEP,
  opensWithin: '3s',
  closesAfterHealWithin: '2s',
});
const judged = (caller: Caller) =>
  circuitBreaker.evaluate(params, recordOf({ exchanges: history(caller), faults: [{ step: STEP, ...fault, instances: ['payments-1'] }] }));

describe('a full pool', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [4, 3_000],
    [10, 5_000],
    [20, 1_000],
  ])('is no breaker that opened: room for %d, each given up after %d ms', (roomFor, patienceMs) => {
    const { verdict, summary, alternatives } = judged({ roomFor, patienceMs, openMs: 0 });
    expect(verdict).toBe('fail');
    expect(summary).toContain('turned away by a full pool');
    expect(alternatives?.join()).toContain('a full pool: not ruled out');
  });

  it.each([
    [200, 500],
    [1_000, 500],
    [2_000, 1_000],
  ])('is not what a breaker is taken for whose calls hang for %d ms, and which stays open for %d ms', (patienceMs, openMs) => {
    const { verdict, alternatives } = judged({ roomFor: 1_000, patienceMs, openMs });
    expect(verdict).toBe('pass');
    expect(alternatives?.join()).toContain('a full pool: ruled out');
  });
});
