/**
 * The report for programs. The shape is stable: `format` names it, keys are added but never renamed. All times are milliseconds since the run's
 * start; what has no value is `null`. The exchanges themselves stay in the journal.
 */
import type { FaultWindow, RunRecord, Window } from '../journal/record.js';
import type { Finding } from '../verify/check.js';
import { flowsOf } from './flow.js';
import { peopleOf } from './json-people.js';
import { replayCommand } from './replay.js';
import { REPORT_FORMAT } from './report-document.js';
import { defineReporter, type Report } from './reporter.js';
import { retroOf } from './retro.js';
import { figuresOf, summaryOf, windowsOf } from './series.js';

export const json = defineReporter({
  name: 'json',
  summary: 'Write verdict, findings, faults and a summary of every link as JSON.',
  extension: 'json',
  render: (report) => `${JSON.stringify(documentOf(report), nullForNothing, 2)}\n`,
});

/** JSON has no Infinity and no NaN; three decimals of a millisecond are more than was measured. */
function nullForNothing(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) ? Math.round(value * 1e3) / 1e3 : null;
}

function documentOf(report: Report) {
  const { record, findings, verdict, exit } = report;
  const sinceStart = (atMs: number): number => atMs - record.fromMs;
  return {
    format: REPORT_FORMAT,
    verdict,
    exit,
    run: runOf(record),
    findings: findings.map((finding) => findingOf(finding, sinceStart)),
    faults: record.faults.map((fault) => faultOf(fault, sinceStart)),
    steps: record.steps.map((step) => shift(step, sinceStart)),
    phases: record.phases.map((phase) => shift(phase, sinceStart)),
    probes: record.probes.map(({ probe, phase, met, value, detail, n: event, atMs }) => {
      return { probe, phase, met, value, detail, event, atMs: sinceStart(atMs) };
    }),
    links: linksOf(record),
    ...peopleOf(retroOf(report), sinceStart),
    gaps: record.gaps,
  };
}

function runOf(record: RunRecord) {
  const { title, description = null, file, owner = null, runbook = null, labels = {}, environment, seed, inputs } = record.plan;
  return {
    id: record.run,
    title,
    description,
    file,
    owner,
    runbook,
    labels,
    environment,
    seed,
    inputs,
    version: record.version,
    daemonVersion: record.daemonVersion ?? null,
    machine: record.machine ?? null,
    startedAt: record.wallMs > 0 ? new Date(record.wallMs).toISOString() : null,
    durationMs: record.toMs - record.fromMs,
    status: record.status,
    steadyState: record.steadyState,
    cleanup: record.cleanup,
    replay: replayCommand(record.plan),
  };
}

function findingOf(finding: Finding, sinceStart: (atMs: number) => number) {
  const { correlation = null, alternatives = [], lanes = [] } = finding;
  const shifted = lanes.map(({ subject, kind, segments }) => ({ subject, kind, segments: segments.map((s) => shift(s, sinceStart)) }));
  return { ...finding, correlation, alternatives, lanes: shifted };
}

function faultOf({ planned, levels, ...fault }: FaultWindow, sinceStart: (atMs: number) => number) {
  const shifted = levels.map((level) => ({ ...level, atMs: sinceStart(level.atMs) }));
  return { ...planned, ...shift(fault, sinceStart), levels: shifted };
}

function shift<W extends Window>(window: W, sinceStart: (atMs: number) => number): W {
  return { ...window, fromMs: sinceStart(window.fromMs), toMs: sinceStart(window.toMs) };
}

/** Figures a caller → callee pair and its instances had over the whole run, and in each part of it. */
function linksOf(record: RunRecord) {
  const windows = windowsOf(record);
  const whole = { fromMs: record.fromMs, toMs: Number.POSITIVE_INFINITY };
  return summaryOf(flowsOf(record), windows).map(({ flow, figures }) => ({
    from: flow.from,
    to: flow.to,
    counted: flow.counted,
    probeRequests: flow.probeRequests,
    total: figuresOf(flow, whole),
    windows: windows.map(({ name }, i) => ({ name, ...figures[i] })),
    instances: flow.instances.map(({ instance, ...seen }) => ({ instance, ...figuresOf(seen, whole) })),
  }));
}
