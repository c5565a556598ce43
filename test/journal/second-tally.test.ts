import { describe, expect, it } from 'vitest';
import { emptySecond, SecondTally } from '../../src/journal/second-tally.js';
import { exchange as exchangeOf, type HistoryExchange } from '../support/histories.js';

const exchange = (given: Partial<HistoryExchange>) =>
  exchangeOf({ from: 'a', to: 'b', startMs: 10_000, endMs: 10_010, bytesUp: 1, bytesDown: 2, ...given });

describe('sums of seconds', () => {
  it('count a request in the second in which it ended, by its answer', () => {
    const tally = new SecondTally();
    for (const given of [{}, { status: 404 }, { status: 503, applied: ['f'] }, { status: 302 }]) tally.add(exchange(given));
    tally.add(exchange({ end: 'timeout', status: undefined as never, endMs: 10_900 }));
    tally.add(exchange({ startMs: 9_000, endMs: 11_500 }));
    expect(tally.take(11_000)).toEqual([
      expect.objectContaining({
        link: 'a->b',
        second: 10,
        requests: 5,
        errors: 2,
        faulted: 1,
        bytesUp: 5,
        bytesDown: 10,
        connections: null,
        answers2xx: 1,
        answers3xx: 1,
        answers4xx: 1,
        answers5xx: 1,
      }),
    ]);
    expect(tally.take(12_000)).toMatchObject([{ second: 11, requests: 1, p50Ms: expect.closeTo(2_500, -2) }]);
    expect(tally.take(20_000)).toEqual([]);
  });

  it('say quantiles that are right to one per cent', () => {
    const tally = new SecondTally();
    for (let ms = 1; ms <= 100; ms++) tally.add(exchange({ startMs: 10_500 - ms, endMs: 10_500 }));
    const [row = emptySecond('', 0)] = tally.take(11_000);
    for (const [found, exact] of [
      [row.p50Ms, 50],
      [row.p90Ms, 90],
      [row.p99Ms, 99],
    ] as const)
      expect(Math.abs((found ?? 0) - exact) / exact).toBeLessThan(0.01);
  });

  it('change no row that was told: who comes late counts in the oldest that was not', () => {
    const tally = new SecondTally();
    tally.add(exchange({}));
    expect(tally.take(12_000)).toHaveLength(1);
    tally.add(exchange({ endMs: 10_999 }));
    expect(tally.take(13_000)).toMatchObject([{ second: 12, requests: 1 }]);
  });

  it('leave out what faults have sent once more, and take a connection that was handed over for a success', () => {
    const tally = new SecondTally();
    tally.add(exchange({ isCopy: true }));
    tally.add(exchange({ end: 'tunnel', status: 101 }));
    expect(tally.take(11_000)).toMatchObject([{ requests: 1, errors: 0, answers2xx: 0 }]);
  });

  it('stop at a bound of rows, and say how many requests found no room', () => {
    const tally = new SecondTally();
    for (let link = 0; link < 2_005; link++) tally.add(exchange({ link: `l${link}` }));
    expect(tally.uncounted).toBe(5);
    expect(tally.take(11_000)).toHaveLength(2_000);
    tally.add(exchange({ link: 'l2003', endMs: 11_001 }));
    expect(tally.uncounted).toBe(5);
  });
});
