import { describe, expect, it } from 'vitest';
import { nextStreak, type Streak } from '../../src/orchestrator/probe-runner.js';
import { trippedCondition } from '../../src/orchestrator/stop-conditions.js';

const fine: Streak = { failures: 0, failingSinceMs: undefined };
const facts = (given: { nowMs?: number; harmed?: number; streak?: Streak }) => ({
  nowMs: given.nowMs ?? 10_000,
  harmed: given.harmed ?? 0,
  streak: () => given.streak ?? fine,
});

describe('stop conditions', () => {
  it('do not trip while nothing is wrong, and not without conditions', () => {
    expect(
      trippedCondition(
        [
          { kind: 'harmed', max: 0 },
          { kind: 'probe', probe: 'p', forMs: 0 },
        ],
        facts({}),
      ),
    ).toBeUndefined();
    expect(trippedCondition([], facts({ harmed: 1e9 }))).toBeUndefined();
  });

  it('trip beyond the harm budget, not at it', () => {
    expect(trippedCondition([{ kind: 'harmed', max: 100 }], facts({ harmed: 100 }))).toBeUndefined();
    expect(trippedCondition([{ kind: 'harmed', max: 100 }], facts({ harmed: 101 }))).toEqual({
      condition: 'harmed > 100',
      detail: '101 front-door requests were not answered since the first fault',
    });
  });

  it('trip when a probe has failed without a break for the time given', () => {
    const condition = { kind: 'probe', probe: 'shop', forMs: 5_000 } as const;
    const failing = { failures: 5, failingSinceMs: 5_001 };
    expect(trippedCondition([condition], facts({ streak: failing }))).toBeUndefined();
    expect(trippedCondition([condition], facts({ nowMs: 10_001, streak: failing }))?.condition).toBe('shop not met for 5.00s');
  });
});

describe('a probe’s streak', () => {
  it('grows with failures, ends with one success, and ignores answers that cannot be judged', () => {
    const answers = [false, null, false, true, null, false] as const;
    const streaks: Streak[] = [];
    answers.reduce<Streak>((streak, met, i) => {
      const next = nextStreak(streak, { met, atMs: i });
      streaks.push(next);
      return next;
    }, fine);
    expect(streaks.map((s) => [s.failures, s.failingSinceMs])).toEqual([
      [1, 0],
      [1, 0],
      [2, 0],
      [0, undefined],
      [0, undefined],
      [1, 5],
    ]);
  });
});
