/** Finds the fault of a step and says in words when there is nothing to judge by: never on, never ended, or met by nobody. */
import { formatMs } from '../../core/units.js';
import type { FaultWindow, RunRecord, Window } from '../../journal/record.js';
import { skewFromFault } from '../inference/clock-skew.js';
import { summedFromMs } from '../inference/traffic.js';

export type FaultOfStep = { kind: 'felt'; fault: FaultWindow } | { kind: 'unusable'; reason: string; evidence: readonly number[] };

/** What a promise is judged by: each request, or counts and times of many together, of which the journal of a long run has more. */
export type Needs = 'requests' | 'sums';

/** Why this time cannot be judged request by request; undefined if it can. */
export function whySummed(record: RunRecord, window: Window): string | undefined {
  const fromMs = summedFromMs(record, window);
  if (fromMs === undefined) return undefined;
  const after = formatMs(fromMs - record.fromMs);
  return `it needs each request, and from ${after} after the start of this long run on the journal holds only sums of seconds`;
}

/** The fault of a step if it was on, has ended, and was applied to at least one connection or request, as far as that is known. */
export function faultOfStep(record: RunRecord, step: string, needs: Needs = 'requests'): FaultOfStep {
  const fault = record.faults.find((f) => f.step === step);
  if (fault === undefined) {
    const never = `the fault of step "${step}" was never on`;
    const reason = record.plan.log === undefined ? never : `a log does not tell of faults, so nothing is known of step "${step}"`;
    return { kind: 'unusable', reason, evidence: [] };
  }
  const { evidence } = fault;
  if (fault.endedBy === 'unknown' || !Number.isFinite(fault.toMs)) {
    return { kind: 'unusable', reason: `the journal does not say when the fault of step "${step}" ended`, evidence };
  }
  if (fault.applied === 0 && record.plan.linksUnseen === undefined) {
    const met = fault.matched === 0 ? 'met no request' : `met ${fault.matched} but was applied to none`;
    return { kind: 'unusable', reason: `the fault of step "${step}" was not felt: it ${met}`, evidence };
  }
  const skew = skewFromFault(record.exchanges, fault);
  if (skew !== undefined) return { kind: 'unusable', reason: `the fault of step "${step}": ${skew}`, evidence };
  const gone = needs === 'requests' ? whySummed(record, fault) : undefined;
  if (gone !== undefined) return { kind: 'unusable', reason: `the fault of step "${step}": ${gone}`, evidence };
  return { kind: 'felt', fault };
}

/** Faults that are meant to end together are taken off one after the other: what ends later by less than this ended with it. */
const TOGETHER_MS = 250;

/**
 * From when on, after this fault's end, another one on any of these links muddles what is seen, or, for who needs them, single requests were not
 * kept; Infinity if neither comes.
 */
export function nextFaultMs(record: RunRecord, after: FaultWindow, links: readonly string[], needs: Needs = 'requests'): number {
  const summedMs = needs === 'requests' ? summedFromMs(record, { fromMs: after.toMs, toMs: Number.POSITIVE_INFINITY }) : undefined;
  const endedWith = ({ fromMs, toMs }: Window): boolean => toMs <= after.toMs || (fromMs < after.toMs && toMs - after.toMs < TOGETHER_MS);
  const others = record.faults.filter((f) => f !== after && !endedWith(f) && f.planned.links.some((link) => links.includes(link)));
  return others.reduce((next, { fromMs }) => Math.min(next, Math.max(fromMs, after.toMs)), summedMs ?? Number.POSITIVE_INFINITY);
}

/** Length of a window, in milliseconds. */
export function lengthMs({ fromMs, toMs }: Window): number {
  return toMs - fromMs;
}
