/** The faults that one exchange or connection has met, and what came of each: what its observation tells of them. */
import type { SkippedFault, SkipReason } from '../journal/observations.js';

/** What came of meeting a fault. */
export type Came = 'applied' | SkipReason;

/** As an observation tells it; what would be empty is left out. */
export interface ToldFaults {
  matched?: readonly string[];
  applied?: readonly string[];
  skipped?: readonly SkippedFault[];
}

/** A fault that could not see whether it matches has not matched. */
export function toldFaults(met: Iterable<readonly [fault: string, came: Came]>): ToldFaults {
  const matched: string[] = [];
  const applied: string[] = [];
  const skipped: SkippedFault[] = [];
  for (const [fault, came] of met) {
    if (came !== 'unread') matched.push(fault);
    if (came === 'applied') applied.push(fault);
    else skipped.push({ fault, why: came });
  }
  return {
    ...(matched.length > 0 && { matched }),
    ...(applied.length > 0 && { applied }),
    ...(skipped.length > 0 && { skipped }),
  };
}
