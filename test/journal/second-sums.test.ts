import { expect, it } from 'vitest';
import { SecondSums } from '../../src/journal/second-sums.js';
import { mergedTook } from '../../src/journal/traffic-sum.js';
import { exchange } from '../support/histories.js';

const one = (startMs: number, more: object = {}) => exchange({ from: 'load', to: 'a-1', startMs, ...more });
const asData = { isProbe: false };

it('sums what began in the same second and came to the same, and tells it when that second is over', () => {
  const sums = new SecondSums();
  for (const startMs of [1_000, 1_500, 1_999, 2_000]) sums.add(one(startMs), asData);
  sums.add(one(1_200, { status: 503 }), asData);
  sums.add(one(1_200), { isProbe: true });
  expect(sums.take(1_999)).toEqual([]);
  const told = sums.take(2_000);
  expect(told).toMatchObject([
    { link: 'load->a-1', from: 'load', to: 'a-1', fromMs: 1_000, outcome: '2xx', count: 3, bytesUp: 300, bytesDown: 600 },
    { fromMs: 1_000, outcome: '5xx', count: 1 },
    { fromMs: 1_000, outcome: '2xx', count: 1, isProbe: true },
  ]);
  expect(mergedTook(told).totalCount).toBe(5);
  expect(sums.take(10_000)).toMatchObject([{ fromMs: 2_000, count: 1 }]);
  expect(sums.size).toBe(0);
});

it('keeps apart what nobody may add up: routes, copies, and how they ended', () => {
  const sums = new SecondSums();
  for (const more of [{}, { route: 'pay' }, { isCopy: true }, { end: 'timeout' }, { end: 'clientReset' }]) sums.add(one(0, more), asData);
  expect(sums.take(1_000)).toHaveLength(5);
});

it('tells the oldest early rather than grow without a bound', () => {
  const sums = new SecondSums();
  const early = Array.from({ length: 2_500 }, (_, i) => sums.add(one(i * 1_000), asData)).filter((sum) => sum !== undefined);
  expect([early.length, early[0]?.fromMs, sums.size]).toEqual([500, 0, 2_000]);
});
