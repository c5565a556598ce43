import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHistory, fillHistory, putSecond, SECONDS_MAX, valueAt } from '../../../../dashboards/live/src/state/link-history.js';
import { historyOf, secondOf } from './snapshots.js';

/** What was told last of a second, unless it is before the page began, or an hour older than the newest. */
function expectedAt(rows: readonly (readonly [number, number])[], second: number): number | undefined {
  const newest = Math.max(...rows.map(([at]) => at));
  if (second < 0 || second <= newest - SECONDS_MAX) return undefined;
  return rows.findLast(([at]) => at === second)?.[1] ?? 0;
}

describe('the hour of a link', () => {
  it('forgets what is older than an hour, however the seconds come', () => {
    const told = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 * SECONDS_MAX }), fc.integer({ min: 1, max: 99 })), { maxLength: 40 });
    fc.assert(
      fc.property(told, (rows) => {
        const history = createHistory('a->b', 0);
        for (const [second, requests] of rows) putSecond(history, secondOf('a->b', second, requests));
        const seconds = new Set(rows.flatMap(([second]) => [second, second - 1]));
        for (const second of seconds) expect(valueAt(history, 'requests', second)).toBe(expectedAt(rows, second));
      }),
      { numRuns: 50 },
    );
  });

  it('takes the daemon’s record only for the time before its own', () => {
    const history = createHistory('a->b', 100);
    putSecond(history, secondOf('a->b', 100, 5));
    fillHistory(history, historyOf('a->b', 97, [1, 2, 3, 999]), history.knownFrom);
    expect([96, 97, 98, 99, 100].map((second) => valueAt(history, 'requests', second))).toEqual([undefined, 1, 2, 3, 5]);
  });

  it('does not take a second that is none', () => {
    const history = createHistory('a->b', 0);
    for (const second of [Number.NaN, Number.POSITIVE_INFINITY, 1.5]) putSecond(history, secondOf('a->b', second, 1));
    expect(history.newest).toBe(Number.NEGATIVE_INFINITY);
  });
});
