/**
 * Whether two samples are the same within a margin (TOST): equivalence is shown by an interval that lies inside the margin. That no difference
 * was seen shows nothing; few samples see no difference at all.
 */
import { type Interval, wilson } from './statistics.js';

/** Two one-sided tests at 5 % are one interval at 90 %. */
const Z90 = 1.644854;

export interface Share {
  hits: number;
  samples: number;
}

/** 90 % interval of the second share less the first (Newcombe's, from Wilson's of each). */
export function shareDifference(first: Share, second: Share): Interval {
  const [p1, p2] = [first.hits / first.samples, second.hits / second.samples];
  const [low1, high1] = wilson(first.hits, first.samples, Z90);
  const [low2, high2] = wilson(second.hits, second.samples, Z90);
  return [p2 - p1 - Math.hypot(p2 - low2, high1 - p1), p2 - p1 + Math.hypot(high2 - p2, p1 - low1)];
}

/** True: shown to be inside. False: shown to be below. `null`: neither; better than before is no harm. */
export function isNoWorse([low, high]: Interval, margin: number): boolean | null {
  if (low >= -margin) return true;
  return high < -margin ? false : null;
}
