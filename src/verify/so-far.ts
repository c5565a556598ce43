/**
 * What is known of each promise while the run still goes on. What a reader would get wrong: nothing of it is a verdict. A promise may be kept so far and
 * broken a second later, and one that allows some time may look broken until that is up.
 */
import type { FaultWindow, RunRecord } from '../journal/record.js';
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
  const lanes = [...lanesWhileOn(record), ...findings.flatMap(({ lanes: known = [] }) => known)];
  return { soFar, lanes };
}

/**
 * What a breaker is in shows while its fault is on. Checks wait for the end of it, so it is given one, now; of what they then say only the lanes are taken.
 * Those about other faults have said all that they know.
 */
function lanesWhileOn(record: RunRecord): readonly StateLane[] {
  const on = new Set(record.faults.filter(isOn).map(({ step }) => step));
  if (on.size === 0) return [];
  const checks = record.plan.checks.filter((check) => {
    const step = stepOfCheck(record.plan, check);
    return step === undefined || on.has(step);
  });
  const { findings } = judge({ ...asIfEnded(record), plan: { ...record.plan, checks }, status: 'completed', gaps: [], clocks: [] });
  return findings.flatMap(({ lanes = [] }) => lanes);
}

function isOn({ endedBy }: FaultWindow): boolean {
  return endedBy === 'unknown';
}

function asIfEnded(record: RunRecord): RunRecord {
  const faults = record.faults.map((fault): FaultWindow => {
    return isOn(fault) ? { ...fault, toMs: record.toMs, endedBy: 'duration', matched: 1, applied: 1 } : fault;
  });
  return { ...record, faults };
}
