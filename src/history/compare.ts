/** What has changed from one run to another: promises first, then figures. Pure. */
import type { RunSummary } from './run-summary.js';

export interface VerdictChange {
  name: string;
  before: string;
  after: string;
  /** `fixed` and `broken` are about pass and fail; `unclear` is any other change. */
  kind: 'same' | 'fixed' | 'broken' | 'unclear' | 'new' | 'gone';
}
export interface FigureChange {
  /** `the-breaker-opens: time to open`, or `load->gateway: p99`. */
  subject: string;
  before: number | null;
  after: number | null;
  unit: string;
  /** `after / before`; null where one of them is missing or nothing. */
  ratio: number | null;
}
export interface Comparison {
  /** What was not the same about the runs themselves: another plan, inputs, versions. A difference of figures may be due to it. */
  caveats: readonly string[];
  verdicts: readonly VerdictChange[];
  figures: readonly FigureChange[];
}

export function compareRuns(before: RunSummary, after: RunSummary): Comparison {
  return { caveats: caveatsOf(before, after), verdicts: verdictsOf(before, after), figures: figuresOf(before, after) };
}

function caveatsOf(before: RunSummary, after: RunSummary): string[] {
  const changed = (what: string, a: string, b: string): string[] => (a === b ? [] : [`${what}: ${a || 'none'}, then ${b || 'none'}`]);
  const inputs = [...new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)])];
  return [
    ...changed('experiment', before.title, after.title),
    ...(before.planHash === after.planHash || before.title !== after.title ? [] : ['the plan was changed in between']),
    ...changed('environment', before.environment, after.environment),
    ...changed('faultlab', before.version, after.version),
    ...changed('seed', String(before.seed), String(after.seed)),
    ...inputs.flatMap((name) => changed(`input ${name}`, before.inputs[name] ?? '', after.inputs[name] ?? '')),
    ...[before, after].flatMap(({ run, status }) => (status === 'completed' ? [] : [`${run} was not carried through: ${status}`])),
  ];
}

function verdictsOf(before: RunSummary, after: RunSummary): VerdictChange[] {
  const then = new Map(before.findings.map(({ name, verdict }) => [name, verdict]));
  const now = new Map(after.findings.map(({ name, verdict }) => [name, verdict]));
  return [...new Set([...then.keys(), ...now.keys()])].map((name) => {
    const [was, is] = [then.get(name), now.get(name)];
    return { name, before: was ?? '–', after: is ?? '–', kind: kindOf(was, is) };
  });
}

function kindOf(was: string | undefined, is: string | undefined): VerdictChange['kind'] {
  if (was === is) return 'same';
  if (was === undefined) return 'new';
  if (is === undefined) return 'gone';
  if (is === 'pass' && was === 'fail') return 'fixed';
  return is === 'fail' ? 'broken' : 'unclear';
}

function figuresOf(before: RunSummary, after: RunSummary): FigureChange[] {
  const [then, now] = [figuresIn(before), figuresIn(after)];
  return [...new Set([...then.keys(), ...now.keys()])].map((subject) => {
    const [was, is] = [then.get(subject), now.get(subject)];
    const [from, to] = [was?.value ?? null, is?.value ?? null];
    return {
      subject,
      before: from,
      after: to,
      unit: is?.unit ?? was?.unit ?? '',
      ratio: from === null || to === null || from === 0 ? null : to / from,
    };
  });
}

/** Every number that a run has told, by a name that is the same in another run of the plan. */
export function figuresIn({ findings, flows }: RunSummary): ReadonlyMap<string, { value: number | null; unit: string }> {
  const measured = findings.flatMap(({ name, measurements }) =>
    measurements.flatMap(({ name: what, value, unit }) =>
      typeof value === 'string' ? [] : [[`${name}: ${what}`, { value, unit }] as const],
    ),
  );
  const flowing = flows.flatMap(({ from, to, successRate, p50Ms, p99Ms }) => [
    [`${from}->${to}: success rate`, { value: successRate, unit: '%' }] as const,
    [`${from}->${to}: p50`, { value: p50Ms, unit: 'ms' }] as const,
    [`${from}->${to}: p99`, { value: p99Ms, unit: 'ms' }] as const,
  ]);
  return new Map([...measured, ...flowing]);
}
