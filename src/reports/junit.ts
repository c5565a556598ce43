/**
 * The report for CI systems: a fault is a suite and a check is a test case in the suite of the fault that it is about; what is about the whole
 * run has a suite of its own. Only a pass is green: what could not be judged is an error there, because a build must not go on as if it had passed.
 */
import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import type { Finding } from '../verify/check.js';
import { stepOfCheck } from '../verify/rules/step-of-check.js';
import { printable } from './printable.js';
import { replayCommand } from './replay.js';
import { defineReporter, type Report } from './reporter.js';
import { formatMeasured, machineWords, VERDICT_WORDS } from './wording.js';

export const junit = defineReporter({
  name: 'junit',
  summary: 'Write the verdicts as JUnit XML, for CI systems: a fault is a suite, a check a test case.',
  extension: 'xml',
  render: renderJunit,
});

/** What the test cases about the run itself are filed under. */
const RUN_SUITE = 'the run';

type Outcome =
  | { kind: 'green' }
  /** Neither green nor red: the reason is told. */
  | { kind: 'skipped'; message: string }
  | { kind: 'failure' | 'error'; type: string; message: string };

interface Case {
  name: string;
  outcome: Outcome;
  /** Lines that a person may want to read. */
  output: readonly string[];
}
interface Suite {
  name: string;
  lengthMs: number;
  properties: Readonly<Record<string, string>>;
  cases: readonly Case[];
}

function renderJunit(report: Report): string {
  const suites = suitesOf(report);
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: printable(report.record.plan.title),
    ...countsOf(suites),
  });
  for (const suite of suites) writeSuite(root, suite, report);
  return `${root.end({ prettyPrint: true })}\n`;
}

function suitesOf(report: Report): readonly Suite[] {
  const { record, findings } = report;
  const { plan } = record;
  const casesOf = (step: string | undefined): Case[] => findings.filter((finding) => stepOfCheck(plan, finding) === step).map(caseOf);
  const run: Suite = {
    name: RUN_SUITE,
    lengthMs: record.toMs - record.fromMs,
    properties: {
      run: record.run,
      seed: String(plan.seed),
      environment: plan.environment,
      ...(record.machine !== undefined && { machine: machineWords(record.machine) }),
      again: replayCommand(plan),
    },
    cases: [endOfRun(report), ...casesOf(undefined)],
  };
  const faults = plan.steps.flatMap(({ name, fault }): Suite[] => {
    if (fault === undefined) return [];
    const window = record.faults.find(({ step }) => step === name);
    const lengthMs = window === undefined ? 0 : window.toMs - window.fromMs;
    return [{ name, lengthMs, properties: { fault: `${fault.type}: ${fault.summary}` }, cases: casesOf(name) }];
  });
  return [run, ...faults.filter(({ cases }) => cases.length > 0)];
}

/** An exit code that no finding explains is told here: dirty, our own error, stopped, steady state not met, nothing promised. */
function endOfRun({ exit, record, verdict, findings }: Report): Case {
  const message = exit.reason;
  const output = [`exit code ${exit.code}: ${exit.reason}`, ...record.gaps.map((gap) => `the record is not whole: ${gap}`)];
  const told = (outcome: Outcome): Case => ({ name: 'the run came to an orderly end', outcome, output });
  if (record.cleanup === 'dirty') return told({ kind: 'failure', type: 'dirty', message });
  if (record.status !== 'completed') return told({ kind: 'error', type: record.status, message });
  if (verdict === 'error') return told({ kind: 'error', type: 'error', message });
  if (record.steadyState === 'notMet' || record.steadyState === 'undecided')
    return told({ kind: 'error', type: 'steadyStateNotMet', message });
  if (findings.length === 0) return told({ kind: 'error', type: 'inconclusive', message: 'nothing was promised, so nothing can pass' });
  return told({ kind: 'green' });
}

function caseOf(finding: Finding): Case {
  const { name, check, summary, evidence, measurements } = finding;
  const figures = measurements.map((m) => `${m.name}: ${formatMeasured(m)}${m.limit === undefined ? '' : `, promised ${m.limit}`}`);
  const proof = evidence.length > 0 ? [`proof: journal events ${evidence.map((n) => `#${n}`).join(' ')}`] : [];
  return { name: `${name} (${check})`, outcome: outcomeOf(finding), output: [summary, ...figures, ...proof] };
}

function outcomeOf({ verdict, severity, summary }: Finding): Outcome {
  if (verdict === 'pass') return { kind: 'green' };
  if (severity === 'warn') return { kind: 'skipped', message: `warning, ${VERDICT_WORDS[verdict].word.toLowerCase()}: ${summary}` };
  return { kind: verdict === 'fail' ? 'failure' : 'error', type: verdict, message: summary };
}

function countsOf(suites: readonly Suite[]) {
  const outcomes = suites.flatMap(({ cases }) => cases.map(({ outcome }) => outcome.kind));
  const count = (kind: Outcome['kind']): number => outcomes.filter((k) => k === kind).length;
  return { tests: outcomes.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
}

function writeSuite(root: XMLBuilder, suite: Suite, { record }: Report): void {
  const startedAt = record.wallMs > 0 ? { timestamp: new Date(record.wallMs).toISOString().slice(0, 19) } : {};
  const element = root.ele('testsuite', { name: printable(suite.name), ...countsOf([suite]), time: seconds(suite.lengthMs), ...startedAt });
  const properties = element.ele('properties');
  for (const [name, value] of Object.entries(suite.properties)) properties.ele('property', { name, value: printable(value) });
  for (const { name, outcome, output } of suite.cases) {
    // Viewers group by class name, and show the part after its last dot.
    const classname = `${record.plan.title}.${suite.name}`;
    const test = element.ele('testcase', { classname: printable(classname), name: printable(name), time: seconds(suite.lengthMs) });
    if (outcome.kind === 'skipped') test.ele('skipped', { message: printable(outcome.message) });
    else if (outcome.kind !== 'green') test.ele(outcome.kind, { type: outcome.type, message: printable(outcome.message) });
    test.ele('system-out').txt(output.map(printable).join('\n'));
  }
}

/** JUnit counts in seconds; a time that nobody knows is 0. */
function seconds(ms: number): string {
  return (Number.isFinite(ms) ? Math.max(0, ms) / 1_000 : 0).toFixed(3);
}
