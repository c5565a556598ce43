/** A detection curve in words, a line for each level, the same in every report. */
import { formatMs } from '../core/units.js';
import type { DetectionPoint } from '../verify/check.js';
import { plural } from './wording.js';

export function detectionWords({ noticed, afterMs, faulted, unknown }: DetectionPoint): string {
  if (noticed === null) return `not known: ${unknown ?? 'the traffic does not say'}`;
  if (afterMs === undefined) return `not noticed, ${plural(faulted, 'faulted request')} went by`;
  const [low, high] = [formatMs(afterMs[0]), formatMs(afterMs[1])];
  return `noticed after ${low === high ? low : `${low} to ${high}`}, by the ${ordinal(Math.max(1, faulted))} faulted request`;
}

function ordinal(count: number): string {
  const last = count % 100 > 10 && count % 100 < 14 ? 0 : count % 10;
  return `${count}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}
