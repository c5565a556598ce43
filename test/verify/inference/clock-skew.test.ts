/** Two hosts whose clocks differ: what each recorded is right by itself, and together they would let a breaker pass that opened far too late. */
import { describe, expect, it } from 'vitest';
import { LOAD } from '../../../src/journal/observations.js';
import { circuitBreaker } from '../../../src/verify/checks/circuit-breaker.js';
import { outlierEjection } from '../../../src/verify/checks/outlier-ejection.js';
import { type HistoryExchange, recordOf, times } from '../../support/histories.js';

const STEP = 'down';
const fault = { fromMs: 12_000, toMs: 24_000 };

/** A breaker that opens 6 s after the fault began, and closes with its end. */
function history(): HistoryExchange[] {
  return times({ fromMs: 0, toMs: 30_000, everyMs: 20 }).flatMap((startMs, i): HistoryExchange[] => {
    const token = `t-${i}-of-many`;
    const front: HistoryExchange = { from: LOAD, to: 'gateway-1', route: 'pay', token, startMs, endMs: startMs + 8 };
    const isOn = startMs >= fault.fromMs && startMs < fault.toMs;
    if (isOn && startMs >= fault.fromMs + 6_000) return [{ ...front, status: 202 }];
    const harmed = isOn ? { status: 503, applied: [`r/${STEP}`] } : {};
    return [front, { from: 'gateway-1', to: 'payments-1', token, startMs: startMs + 1, endMs: startMs + 6, ...harmed }];
  });
}
const shifted = (byMs: number, isMeant: (exchange: HistoryExchange) => boolean): HistoryExchange[] =>
  history().map((one) => (isMeant(one) ? { ...one, startMs: one.startMs + byMs, endMs: (one.endMs ?? 0) + byMs } : one));
const isWire = ({ from }: HistoryExchange): boolean => from !== LOAD;
const isAny = (): boolean => true;

const promise = circuitBreaker.schema.parse({ from: 'gateway', to: 'payments', during: STEP, opensWithin: '3s' });
const judged = (exchanges: readonly HistoryExchange[]) =>
  circuitBreaker.evaluate(promise, recordOf({ exchanges, faults: [{ step: STEP, ...fault, instances: ['payments-1'] }] }));

describe('clocks that differ', () => {
  it('are not suspected where they do not', () => {
    expect(judged(history())).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('opened 5.98s to 6.01s') });
    expect(judged(shifted(-40, isWire)).verdict).toBe('fail');
  });

  it.each([-14_000, 14_000])('are told where all requests were recorded by one that is off by %d ms', (byMs) => {
    const { verdict, summary } = judged(shifted(byMs, isAny));
    expect(verdict).toBe('inconclusive');
    expect(summary).toMatch(
      /"down": \d+ of \d+ requests that it was applied to lie outside of its time, half of them by \d+\.\d+s and more/,
    );
  });

  it('are told where an attempt comes before what caused it, or long after that was answered', () => {
    expect(judged(shifted(-500, isWire))).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringMatching(
        /400 of 400 attempts in the baseline began before the requests that caused them, .* by 499ms and more/,
      ),
    });
    expect(judged(shifted(4_000, isWire))).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('long after their requests had been answered'),
    });
  });

  it('are told by every check that is about a fault', () => {
    const params = outlierEjection.schema.parse({ from: 'gateway', to: 'payments', during: STEP, detectWithin: '1s' });
    const record = recordOf({ exchanges: shifted(14_000, isAny), faults: [{ step: STEP, ...fault, instances: ['payments-1'] }] });
    expect(outlierEjection.evaluate(params, record)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('by another clock'),
    });
  });
});
