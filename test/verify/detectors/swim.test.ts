import { describe, expect, it } from 'vitest';
import { swim } from '../../../src/verify/detectors/swim.js';

describe('swim', () => {
  const opened = (over = {}) => swim.open(swim.schema.parse({ members: 10, ...over }), 0);
  const failed = { kind: 'probe', succeeded: false } as const;
  const says = (observer: string) => ({ kind: 'opinion', observer, suspects: true }) as const;

  it('declares dead after the longest time when nobody confirms, and after the shortest when two do', () => {
    const alone = opened();
    alone.observe(failed, 0);
    expect([23_999, 24_000].map((ms) => alone.status(ms).suspected)).toEqual([false, true]);
    const confirmed = opened();
    confirmed.observe(failed, 0);
    for (const observer of ['b', 'c']) confirmed.observe(says(observer), 100);
    expect([3_999, 4_000].map((ms) => confirmed.status(ms).suspected)).toEqual([false, true]);
  });

  it('counts each confirming member once', () => {
    const watch = opened();
    watch.observe(failed, 0);
    for (let i = 0; i < 5; i++) watch.observe(says('b'), 100);
    expect([11_380, 11_381].map((ms) => watch.status(ms).suspected)).toEqual([false, true]);
  });

  it('lets the member refute, before and after', () => {
    const watch = opened();
    watch.observe(failed, 0);
    watch.observe({ kind: 'heartbeat', sequence: 1 }, 23_000);
    expect(watch.status(1e6).suspected).toBe(false);
  });
});
