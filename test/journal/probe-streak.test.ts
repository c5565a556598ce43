import { describe, expect, it } from 'vitest';
import { nextStreak, type Streak, WELL } from '../../src/journal/probe-streak.js';

function streaks(answers: readonly (boolean | null)[], successThreshold = 1): Streak[] {
  const all: Streak[] = [];
  answers.reduce<Streak>((streak, met, atMs) => {
    const next = nextStreak(streak, { met, atMs }, successThreshold);
    all.push(next);
    return next;
  }, WELL);
  return all;
}

describe('a probe’s streak', () => {
  it('grows with failures, ends with one success, and ignores undecided answers', () => {
    expect(streaks([false, null, false, true, null, false]).map((s) => [s.failures, s.failingSinceMs])).toEqual([
      [1, 0],
      [1, 0],
      [2, 0],
      [0, undefined],
      [0, undefined],
      [1, 5],
    ]);
  });

  it('is met again only after as many successes in a row as its threshold', () => {
    expect(streaks([false, true, false, true, true, true, false], 3).map((s) => [s.failures, s.failingSinceMs])).toEqual([
      [1, 0],
      [1, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [0, undefined],
      [1, 6],
    ]);
  });
});
