/**
 * A check is a handful of rules, each a figure held against a limit. The worst rule is the verdict, and a rule whose interval straddles its
 * limit is undecided: nothing is rounded in anybody's favour.
 */
import { formatMs } from '../../core/units.js';
import { EVIDENCE_MAX, type Judgement, type Measurement, worst } from '../check.js';
import type { Interval } from '../inference/statistics.js';

export interface Rule extends Measurement {
  met: boolean | null;
  /** The sentence that a report shows when this rule decides the verdict. */
  says: string;
}

/** Whether a value known to lie in `interval` is at most `limit`; `null` when the interval does not say. */
export function atMost(interval: Interval, limit: number): boolean | null {
  if (interval[1] <= limit) return true;
  return interval[0] > limit ? false : null;
}

/** There is to be none of them; `told` is the first one's sentence. */
export function noneOf<T>(name: string, found: readonly T[], { none, told }: { none: string; told: (first: T) => string }): Rule {
  const [first] = found;
  return {
    name,
    value: found.length,
    unit: 'count',
    limit: '<= 0',
    met: first === undefined,
    says: first === undefined ? none : told(first),
  };
}

/** Not judged, and why. */
export function inconclusive(reason: string, evidence: readonly number[] = []): Judgement {
  return { verdict: 'inconclusive', summary: reason, measurements: [], evidence: evidence.slice(0, EVIDENCE_MAX) };
}

/**
 * Where a check says something itself, what is only declared beside that and had no opportunity does not hold up the verdict: a policy says all that
 * it does, and one fault cannot try all of it. Where a check says nothing itself, all that is declared is what it is about.
 */
export function withoutUntried(rules: readonly Rule[], asked: readonly Rule[]): { rules: readonly Rule[]; untried: readonly Rule[] } {
  const names = new Set(asked.map(({ name }) => name));
  const untried = names.size === 0 ? [] : rules.filter(({ name, met }) => met === null && !names.has(name));
  return { rules: rules.filter((rule) => !untried.includes(rule)), untried };
}

interface Rest extends Omit<Judgement, 'verdict' | 'summary' | 'measurements'> {
  /** Who is judged, where the rules' sentences do not say it. */
  subject?: string;
  /** Figures without a limit. */
  facts?: readonly Measurement[];
}

/** The judgement over all rules. No rules: nothing was judged. */
export function settle(rules: readonly Rule[], { subject, facts = [], ...rest }: Rest): Judgement {
  const broken = rules.filter((rule) => rule.met === false);
  const undecided = rules.filter((rule) => rule.met === null);
  const deciding = [broken, undecided, rules].find((some) => some.length > 0) ?? [];
  const verdict = broken.length > 0 ? 'fail' : undecided.length > 0 || rules.length === 0 ? 'inconclusive' : 'pass';
  return {
    verdict,
    summary: `${subject === undefined ? '' : `${subject}: `}${deciding.map((rule) => rule.says).join('; ') || 'there was nothing to judge'}`,
    measurements: [...rules, ...facts].map(toMeasurement),
    ...rest,
    evidence: [...new Set(rest.evidence)].slice(0, EVIDENCE_MAX),
  };
}

function toMeasurement(rule: Rule | Measurement): Measurement {
  const measurement: Measurement & { says?: string } = { ...rule };
  delete measurement.says;
  return measurement;
}

/** One judgement of several about different callers: the worst verdict, and the sentences of those who caused it. */
export function combine(judgements: readonly Judgement[]): Judgement {
  const [only] = judgements;
  if (only !== undefined && judgements.length === 1) return only;
  const verdict = worst(judgements.map((j) => j.verdict));
  const deciding = judgements.filter((j) => j.verdict === verdict);
  const correlation = (['C0', 'C1', 'C2'] as const).find((level) => judgements.some((j) => j.correlation === level));
  return {
    verdict,
    summary: deciding.map((j) => j.summary).join('; ') || 'there was nobody to judge',
    measurements: judgements.flatMap((j) => j.measurements),
    evidence: [...new Set([...deciding, ...judgements].flatMap((j) => j.evidence))].slice(0, EVIDENCE_MAX),
    ...(correlation && { correlation }),
    alternatives: [...new Set(judgements.flatMap((j) => j.alternatives ?? []))],
    lanes: judgements.flatMap((j) => j.lanes ?? []),
  };
}

/** `1.20s` when that is all there is to it, `1.20s to 1.43s` when the resolution shows. */
export function formatSpan([fromMs, toMs]: Interval): string {
  const [low, high] = [formatMs(fromMs), formatMs(toMs)];
  return low === high ? low : `${low} to ${high}`;
}
