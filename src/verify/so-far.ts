/**
 * What is known of each promise while the run still goes on. What a reader would get wrong: nothing of it is a verdict. A promise may be kept so far and
 * broken a second later, and one that allows some time may look broken until that is up.
 */
import type { RunRecord } from '../journal/record.js';
import type { Verdict } from './check.js';
import { judge } from './judge.js';
import { stepOfCheck } from './rules/step-of-check.js';

export interface SoFar {
  name: string;
  /** `open`: its fault is still to come or still on, or there is not enough to judge by yet. */
  state: Exclude<Verdict, 'inconclusive'> | 'open';
}

/** Of a record that is not whole yet, in the order of the plan. Pure; never throws. */
export function judgeSoFar(record: RunRecord): readonly SoFar[] {
  // That it is not over is known, and no reason to doubt what was seen.
  const { findings } = judge({ ...record, status: 'completed', gaps: [] });
  return findings.map(({ name, check, verdict }): SoFar => {
    const step = stepOfCheck(record.plan, { name, check });
    const isDue = step === undefined || record.steps.some((window) => window.step === step && window.outcome !== 'unfinished');
    return { name, state: isDue && verdict !== 'inconclusive' ? verdict : 'open' };
  });
}
