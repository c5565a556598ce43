import { describe, expect, it } from 'vitest';
import { quorum } from '../../../src/verify/detectors/quorum.js';

describe('quorum', () => {
  const opinion = (observer: string, suspects: boolean) => ({ kind: 'opinion', observer, suspects }) as const;

  it('suspects when enough observers do, each counted once', () => {
    const watch = quorum.open({ needed: 2, opinionsLast: 10_000 }, 0);
    for (let i = 0; i < 3; i++) watch.observe(opinion('a', true), 0);
    expect(watch.status(0)).toEqual({ suspected: false, level: 0.5 });
    watch.observe(opinion('b', true), 0);
    expect(watch.status(0).suspected).toBe(true);
    watch.observe(opinion('a', false), 1);
    expect(watch.status(1).suspected).toBe(false);
  });

  it('lets go of what was said too long ago', () => {
    const watch = quorum.open({ needed: 1, opinionsLast: 10_000 }, 0);
    watch.observe(opinion('a', true), 0);
    expect([10_000, 10_001].map((ms) => watch.status(ms).suspected)).toEqual([true, false]);
  });
});
