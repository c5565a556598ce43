import { describe, expect, it } from 'vitest';
import { createHistory, putSecond } from '../../../../dashboards/live/src/state/link-history.js';
import { linkNow } from '../../../../dashboards/live/src/state/link-now.js';
import { secondOf } from './snapshots.js';

function historyWith(...seconds: ReturnType<typeof secondOf>[]) {
  const history = createHistory('a->b', 0);
  for (const second of seconds) putSecond(history, second);
  return history;
}

describe('a link now', () => {
  it('is the last five whole seconds', () => {
    const history = historyWith(...[94, 95, 96, 97, 98, 99].map((second) => secondOf('a->b', second, 10)));
    const now = linkNow(history, 100_400);
    expect([now.requestsPerSecond, now.errorRatio, now.health, now.p99Ms]).toEqual([10, 0, 'well', 3]);
  });

  it('is hurt from one error in a hundred on, bad from one in ten on, and idle when nothing crossed it', () => {
    const health = (errors: number) =>
      linkNow(historyWith(secondOf('a->b', 99, 1_000, { errors, answers2xx: 1_000 - errors })), 100_400).health;
    expect([9, 10, 99, 100].map(health)).toEqual(['well', 'hurt', 'hurt', 'bad']);
    expect(linkNow(undefined, 100_400).health).toBe('idle');
    expect(linkNow(historyWith(secondOf('a->b', 99, 0, { bytesUp: 5 })), 100_400).health).toBe('well');
  });

  it('counts requests without a whole answer apart', () => {
    const { answers } = linkNow(historyWith(secondOf('a->b', 99, 10, { answers2xx: 6, answers5xx: 1 })), 100_400);
    expect(answers).toEqual({ '2xx': 6, '3xx': 0, '4xx': 0, '5xx': 1, none: 3 });
  });
});
