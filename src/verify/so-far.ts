/**
 * What is known of each promise while the run still goes on. What a reader would get wrong: nothing of it is a verdict. A promise may be kept so far and
 * broken a second later, and one that allows some time may look broken until that is up.
 */
import type { RunRecord } from '../journal/record.js';
import type { Finding, Verdict } from './check.js';
import { judge } from './judge.js';
import { stepOfCheck } from './rules/step-of-check.js';
import type { StateLane } from './state-lane.js';

export interface SoFar extends Pick<Finding, 'name' | 'check' | 'severity' | 'summary'> {
  /** `open`: its fault is still to come or still on, or there is not enough to judge by yet. */
  state: Exclude<Verdict, 'inconclusive'> | 'open';
}

export interface JudgedSoFar {
  /** In the order of the plan. */
  soFar: readonly SoFar[];
  /** What breakers and instances were in, as far as it shows. */
  lanes: readonly StateLane[];
}

/** Of a record that is not whole yet. Pure; never throws. */
export function judgeSoFar(record: RunRecord): JudgedSoFar {
  // That it is not over is known, and no reason to doubt what was seen; what other clocks would say is asked when it is.
  const { findings } = judge({ ...record, status: 'completed', gaps: [], clocks: [] });
  const soFar = findings.map(({ name, check, severity, summary, verdict }): SoFar => {
    const step = stepOfCheck(record.plan, { name, check });
    const isDue = step === undefined || record.steps.some((window) => window.step === step && window.outcome !== 'unfinished');
    return { name, check, severity, summary, state: isDue && verdict !== 'inconclusive' ? verdict : 'open' };
  });
  return { soFar, lanes: findings.flatMap(({ lanes = [] }) => lanes) };
}
