/**
 * The judge: every check of the plan on the record, the worst finding as the verdict, and the exit code that follows. A pass needs a whole
 * journal of a run that was carried through: on anything less, what was seen may fail a system but cannot acquit it.
 */
import { EXIT, exitOfCode, reasonOf } from '../core/errors.js';
import { listed } from '../core/suggest.js';
import type { RecordedCheck } from '../journal/events.js';
import type { RunRecord } from '../journal/record.js';
import { type Finding, type Judgement, type Verdict, worst } from './check.js';
import { checks } from './checks/catalog.js';
import { certain, onOtherClocks } from './other-clocks.js';

/** Pure: the same record gives the same findings. Never throws. */
export function judge(record: RunRecord): { findings: Finding[]; verdict: Verdict } {
  // Made when they are first wanted: most records have one clock.
  let others: readonly RunRecord[] | undefined;
  const elsewhere = (planned: RecordedCheck) => (): readonly Judgement[] => {
    others ??= onOtherClocks(record);
    return others.map((other) => evaluate(planned, other));
  };
  const findings = record.plan.checks.map((planned) => ({
    ...qualify(certain(evaluate(planned, record), elsewhere(planned), record), record),
    name: planned.name,
    check: planned.check,
    severity: planned.severity,
  }));
  return { findings, verdict: verdictOf(findings) };
}

/** The worst finding counts. One that only warns can support a pass, but not spoil it. */
function verdictOf(findings: readonly Finding[]): Verdict {
  return worst(findings.filter((f) => f.severity === 'fail' || f.verdict === 'pass').map((f) => f.verdict));
}

function evaluate({ check, params }: RecordedCheck, record: RunRecord): Judgement {
  const definition = checks.get(check);
  if (definition === undefined) return failedToJudge(`this version has no check named "${check}"; it knows ${checks.names.join(', ')}`);
  try {
    return definition.evaluate(params, record);
  } catch (error) {
    return failedToJudge(`the check "${check}" broke: ${reasonOf(error)}`);
  }
}

function failedToJudge(summary: string): Judgement {
  return { verdict: 'error', summary, measurements: [], evidence: [] };
}

/** A pass on half of what happened is not one. */
function qualify(judgement: Judgement, record: RunRecord): Judgement {
  if (judgement.verdict !== 'pass') return judgement;
  const [gap] = record.gaps;
  const more = record.gaps.length > 1 ? ` (and ${record.gaps.length - 1} more)` : '';
  if (gap !== undefined)
    return {
      ...judgement,
      verdict: 'inconclusive',
      summary: `the journal is incomplete, ${gap}${more}; what was seen: ${judgement.summary}`,
    };
  if (record.plan.isDry) {
    return {
      ...judgement,
      verdict: 'inconclusive',
      summary: `a dry run, in which nothing was changed; what was seen: ${judgement.summary}`,
    };
  }
  const lost = lostServices(record);
  if (lost.length > 0) {
    return {
      ...judgement,
      verdict: 'inconclusive',
      summary: `${listed(lost)} ended by itself and did not come back; what was seen: ${judgement.summary}`,
    };
  }
  if (record.status === 'completed') return judgement;
  return {
    ...judgement,
    verdict: 'inconclusive',
    summary: `the run did not complete (${record.status}); what was seen: ${judgement.summary}`,
  };
}

/** Instances that ended although nobody had told them to, and were not started again: no promise is kept by a system that is not there any more. */
function lostServices({ events }: RunRecord): readonly string[] {
  const lost = new Set<string>();
  for (const event of events) {
    if (event.type === 'serviceExited' && !event.expected) lost.add(event.instance);
    if (event.type === 'serviceStarted') lost.delete(event.instance);
  }
  return [...lost];
}

/** The first error counts; what follows from it does not. A journal without one ended in an error of ours. */
function errorOf({ events }: RunRecord): { code: number; reason: string } {
  const error = events.find((event) => event.type === 'errorRaised');
  if (error === undefined) return { code: EXIT.internal, reason: 'the run ended in an error' };
  return { code: exitOfCode(error.code), reason: error.message };
}

/** The exit code of a run and why, by the order of precedence 5 > 70 > 4 > 1 > 3 > 2. */
export function exitOf({ record, verdict }: { record: RunRecord; verdict: Verdict }): { code: number; reason: string } {
  if (record.cleanup === 'dirty') return { code: EXIT.dirty, reason: 'healing was not confirmed' };
  if (record.status === 'error') return errorOf(record);
  if (verdict === 'error') return { code: EXIT.internal, reason: 'a check could not be carried out' };
  if (record.status === 'stopped') return { code: EXIT.stopped, reason: 'the run was stopped before its end' };
  if (record.status === 'interrupted') return { code: EXIT.stopped, reason: 'the operator interrupted the run' };
  if (verdict === 'fail') return { code: EXIT.fail, reason: 'a promise was broken' };
  if (record.steadyState === 'notMet')
    return { code: EXIT.steadyStateNotMet, reason: 'the steady state was not met before the method: nothing was injected' };
  if (record.steadyState === 'undecided')
    return {
      code: EXIT.steadyStateNotMet,
      reason: 'there was nothing to judge the steady state by before the method: nothing was injected',
    };
  if (verdict === 'inconclusive' && record.plan.isDry)
    return { code: EXIT.inconclusive, reason: 'it was a dry run: nothing was changed, so nothing can pass by it' };
  if (verdict === 'inconclusive') return { code: EXIT.inconclusive, reason: 'there was not enough to judge by' };
  return { code: EXIT.pass, reason: 'every promise was kept' };
}

/** Which of several runs' codes the whole command ends with; worst first, and what could not be run at all before what was judged. */
const EXIT_ORDER: readonly number[] = [
  EXIT.dirty,
  EXIT.internal,
  EXIT.unavailable,
  EXIT.usage,
  EXIT.stopped,
  EXIT.fail,
  EXIT.steadyStateNotMet,
  EXIT.inconclusive,
  EXIT.pass,
];

/** The worst of several exit codes. No run at all is inconclusive; a code we do not know is our own error. */
export function worstExit(codes: readonly number[]): number {
  if (codes.some((code) => !EXIT_ORDER.includes(code) && !codes.includes(EXIT.dirty))) return EXIT.internal;
  return EXIT_ORDER.find((code) => codes.includes(code)) ?? EXIT.inconclusive;
}
