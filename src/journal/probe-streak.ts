/**
 * How a probe has been doing: when a row of answers counts as not met, and as met again. Pure; the run stops by it while it goes on, and the judge
 * comes to the same with it afterwards.
 */

export interface Streak {
  /** Answers that were not met since it was last well; one that was met between them does not end the row before `successThreshold` of them have. */
  failures: number;
  /** Met in a row, since the last that was not. */
  successes: number;
  /** When the row of failures began; undefined while it is met. */
  failingSinceMs: number | undefined;
}

export const WELL: Streak = { failures: 0, successes: 0, failingSinceMs: undefined };

export interface Answer {
  /** `null`: undecided, there was nothing to judge by. */
  met: boolean | null;
  atMs: number;
}

/** The streak after one more answer. An undecided one changes nothing. */
export function nextStreak(streak: Streak, { met, atMs }: Answer, successThreshold: number): Streak {
  if (met === null) return streak;
  if (!met) return { failures: streak.failures + 1, successes: 0, failingSinceMs: streak.failingSinceMs ?? atMs };
  const successes = streak.successes + 1;
  return streak.failures === 0 || successes >= successThreshold ? { ...WELL, successes } : { ...streak, successes };
}
