/**
 * Was the system well before, well again at the end, and never worse in between than its continuous probes allow? Not being well before the
 * method is no failure of the system under fault: nothing was injected, so it is inconclusive.
 */
import { z } from 'zod';
import type { RecordedProbe } from '../../journal/events.js';
import { nextStreak, WELL } from '../../journal/probe-streak.js';
import type { ProbeResult, RunRecord } from '../../journal/record.js';
import { defineCheck } from '../check.js';
import { inconclusive, type Rule, settle } from '../rules/rule.js';

export const steadyState = defineCheck({
  name: 'steadyState',
  summary: 'Demands that the probes are met before the method and at the end, and continuous ones all along.',
  schema: z.strictObject({
    probes: z.array(z.string()).min(1).optional().meta({ description: 'probes to judge by; all of the plan if omitted' }),
  }),
  example: { probes: ['shop-answers'] },
  foresee: (params, { plan }) => {
    const meant = plan.probes.filter(({ name }) => params.probes?.includes(name) ?? true);
    const isOnly = (mode: RecordedProbe['mode']): boolean => meant.length > 0 && meant.every((probe) => probe.mode === mode);
    if (isOnly('start'))
      return [{ kind: 'cannotFail', says: 'its probes are asked before the method alone, and who is not well then is not tested' }];
    const isIdle = isOnly('onFault') && plan.steps.every(({ fault }) => fault === undefined);
    return isIdle ? [{ kind: 'cannotJudge', says: 'its probes are asked while a fault is on, and no step injects one' }] : [];
  },
  evaluate: (params, record) => {
    const names = params.probes ?? record.plan.probes.map((probe) => probe.name);
    const unknown = names.find((name) => !record.plan.probes.some((probe) => probe.name === name));
    if (unknown !== undefined) return inconclusive(`the plan has no probe named "${unknown}"`);
    const probes = record.plan.probes.filter((probe) => names.includes(probe.name));
    const rules = probes.flatMap((probe) => rulesFor(probe, record));
    const isBegun = record.phases.some((phase) => phase.phase === 'method');
    if (!isBegun && rules.every((rule) => rule.met === true)) return inconclusive('the method was never begun');
    const deciding = rules.filter((rule) => rule.met !== true);
    const shown = (deciding.length > 0 ? deciding : rules).flatMap((rule) => rule.evidence);
    const judgement = settle(rules, { evidence: shown });
    if (judgement.verdict !== 'pass') return judgement;
    return { ...judgement, summary: `${probes.map((probe) => probe.name).join(', ')}: met before, at the end, and whenever it was asked` };
  },
});

type ProbeRule = Rule & { evidence: readonly number[] };

function rulesFor(probe: RecordedProbe, record: RunRecord): ProbeRule[] {
  const results = record.probes.filter((result) => result.probe === probe.name);
  const { mode } = probe;
  const rules: ProbeRule[] = [];
  if (mode === 'start' || mode === 'edge' || mode === 'continuous') rules.push(atGate(probe, results));
  // Nothing was injected, so there is nothing else to judge.
  if (!record.phases.some((phase) => phase.phase === 'method')) return rules;
  if (mode === 'continuous' || mode === 'onFault') rules.push(allAlong(probe, results));
  if (mode === 'end' || mode === 'edge' || mode === 'continuous') rules.push(atEnd(probe, results));
  return rules;
}

/** The last answer of a phase decides: a gate asks again until it is met or its patience is over. */
function lastIn(results: readonly ProbeResult[], phase: ProbeResult['phase']): ProbeResult | undefined {
  return results.filter((result) => result.phase === phase).at(-1);
}

function rule(probe: RecordedProbe, when: string, result: ProbeResult | undefined, met: boolean | null): ProbeRule {
  const state = result === undefined ? 'was not asked' : met === true ? 'was met' : result.met === null ? 'was undecided' : 'was not met';
  return {
    name: `${probe.name} ${when}`,
    value: result?.value ?? null,
    limit: probe.expectation,
    met,
    says: `${probe.name} ${state} ${when}${result === undefined ? '' : `: ${result.detail}`}`,
    evidence: result === undefined ? [] : [result.n],
  };
}

function atGate(probe: RecordedProbe, results: readonly ProbeResult[]): ProbeRule {
  const result = lastIn(results, 'baseline');
  return rule(probe, 'before the method', result, result?.met === true ? true : null);
}

function atEnd(probe: RecordedProbe, results: readonly ProbeResult[]): ProbeRule {
  const result = lastIn(results, 'settle');
  return rule(probe, 'at the end', result, result?.met ?? null);
}

/** Broken by as many failures in a row as the probe's threshold says. An answer that cannot be judged neither breaks nor mends a row. */
function allAlong(probe: RecordedProbe, results: readonly ProbeResult[]): ProbeRule {
  const asked = results.filter((result) => result.phase === 'method' || result.phase === 'heal' || result.phase === 'settle');
  const judged = asked.filter((result) => result.met !== null);
  const threshold = probe.failureThreshold ?? 1;
  let streak = WELL;
  for (const result of judged) {
    streak = nextStreak(streak, result, probe.successThreshold ?? 1);
    if (streak.failures >= threshold) return rule(probe, `${streak.failures} times in a row while faults were on`, result, false);
  }
  const last = judged.at(-1);
  return rule(probe, 'while faults were on', last, last === undefined ? null : true);
}
