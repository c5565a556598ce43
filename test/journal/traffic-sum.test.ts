import { expect, it } from 'vitest';
import type { Exchange } from '../../src/journal/observations.js';
import { isSuccess } from '../../src/journal/observations.js';
import { addTook, createTookUs, encodeTook, isComplete, isGood, isTook, mergedTook, outcomeOf } from '../../src/journal/traffic-sum.js';

it.each<[string, Pick<Exchange, 'end' | 'status' | 'grpcStatus'>]>([
  ['2xx', { end: 'complete', status: 204 }],
  ['4xx', { end: 'complete', status: 404 }],
  ['5xx', { end: 'complete', status: 503 }],
  ['grpcError', { end: 'complete', status: 200, grpcStatus: 14 }],
  ['2xx', { end: 'complete', status: 200, grpcStatus: 5 }],
  ['clientReset', { end: 'clientReset', status: 200 }],
  ['timeout', { end: 'timeout' }],
])('an outcome of %s is as good as the exchange itself', (outcome, exchange) => {
  expect(outcomeOf(exchange)).toBe(outcome);
  expect(isGood({ outcome: outcomeOf(exchange) })).toBe(isSuccess(exchange));
  expect(isComplete({ outcome: outcomeOf(exchange) })).toBe(exchange.end === 'complete');
});

it('times come back from the journal to within 1 %, whatever their size, and add up', () => {
  const sums = [0.05, 4, 250, 60_000].map((tookMs) => {
    const tookUs = createTookUs();
    for (let i = 0; i < 10; i++) addTook(tookUs, { startMs: 1_000, endMs: 1_000 + tookMs });
    return { tookUs: encodeTook(tookUs) };
  });
  const merged = mergedTook(sums);
  expect(merged.totalCount).toBe(40);
  expect(merged.getValueAtPercentile(100) / 1e3).toBeCloseTo(60_000, -3);
  expect(mergedTook([]).totalCount).toBe(0);
});

it('times that are damaged are known from those that are not', () => {
  const whole = encodeTook(createTookUs());
  expect(isTook(whole)).toBe(true);
  for (const damaged of ['', 'no histogram', whole.slice(0, 12), undefined, 7]) expect(isTook(damaged)).toBe(false);
});
