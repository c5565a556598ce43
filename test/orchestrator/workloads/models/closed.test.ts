import { describe, expect, it } from 'vitest';
import { closed } from '../../../../src/orchestrator/workloads/models/closed.js';

const start = (text: unknown) => closed.open(closed.schema.parse(text));
type Started = ReturnType<typeof start>;

/** Every request takes `tookMs`; the instants at which requests started, until `untilMs`. */
function simulate(arrivals: Started, { tookMs, untilMs, isFailure = false }: { tookMs: number; untilMs: number; isFailure?: boolean }) {
  const starts: number[] = [];
  const ends: number[] = [];
  let most = 0;
  for (;;) {
    const [nextMs, endMs = Number.POSITIVE_INFINITY] = [arrivals.nextMs(), ends[0]];
    if (Math.min(nextMs, endMs) > untilMs) return { starts, most, left: ends.length };
    if (endMs <= nextMs) arrivals.ended({ atMs: ends.shift() ?? 0, isFailure });
    else {
      arrivals.take();
      starts.push(nextMs);
      ends.push(nextMs + tookMs);
      ends.sort((a, b) => a - b);
      most = Math.max(most, ends.length);
    }
  }
}

describe('the closed model', () => {
  it('has as many requests under way as users, and each waits for its answer', () => {
    const { starts, most } = simulate(start({ users: 3 }), { tookMs: 100, untilMs: 950 });
    expect(most).toBe(3);
    expect(starts).toHaveLength(30);
  });

  it('lets users think between an answer and the next request', () => {
    expect(simulate(start({ users: 1, think: '400ms' }), { tookMs: 100, untilMs: 1_600 }).starts).toEqual([0, 500, 1_000, 1_500]);
  });

  it('is slowed by a slow system, which the open model is not', () => {
    const count = (tookMs: number): number => simulate(start({ users: 2 }), { tookMs, untilMs: 10_000 }).starts.length;
    expect(count(1_000)).toBeLessThan(count(10) / 50);
  });

  it('does not ask as fast as it can where nobody answers', () => {
    expect(simulate(start({ users: 1 }), { tookMs: 0, untilMs: 999, isFailure: true }).starts).toHaveLength(10);
  });

  it('lets users come and go in stages, and nobody leaves before the answer', () => {
    const stages = [
      { users: 10, over: '1s' },
      { users: 2, over: '0s' },
    ];
    const arrivals = start({ users: 0, stages });
    const before = simulate(arrivals, { tookMs: 50, untilMs: 999 });
    expect(before.most).toBe(9);
    expect(before.starts[0]).toBe(100);
    const later = start({ users: 0, stages });
    expect(simulate(later, { tookMs: 50, untilMs: 5_000 }).left).toBeLessThanOrEqual(2);
  });

  it('changes the number of users when it is told to', () => {
    const arrivals = start({ users: 1, think: '100ms' });
    simulate(arrivals, { tookMs: 0, untilMs: 350 });
    arrivals.setLevel({ atMs: 400, level: 4 });
    expect(simulate(arrivals, { tookMs: 50, untilMs: 1_000 }).most).toBe(4);
    arrivals.setLevel({ atMs: 1_001, level: 0 });
    simulate(arrivals, { tookMs: 0, untilMs: 2_000 });
    expect(arrivals.nextMs()).toBe(Number.POSITIVE_INFINITY);
  });
});
