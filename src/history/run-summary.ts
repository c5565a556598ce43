/**
 * What history keeps of a run: enough to list, compare and follow runs over time without reading their journals again. It is made from the
 * report, so the journal stays the truth; a summary that is lost is made anew.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RecordedPlan } from '../journal/events.js';
import type { RunRecord } from '../journal/record.js';
import { flowsOf } from '../reports/flow.js';
import type { Report } from '../reports/reporter.js';
import { figuresOf } from '../reports/series.js';
import { stepOfCheck } from '../verify/rules/step-of-check.js';

const verdict = z.enum(['pass', 'fail', 'inconclusive', 'error']);

export const runSummarySchema = z.object({
  run: z.string(),
  title: z.string(),
  file: z.string(),
  environment: z.string(),
  seed: z.number(),
  inputs: z.record(z.string(), z.string()),
  version: z.string(),
  /** Equal for runs of the same plan: topology, load, method and promises; seed and file name left out. */
  planHash: z.string(),
  /** 0: unknown. */
  startedWallMs: z.number(),
  durationMs: z.number().nullable(),
  status: z.enum(['completed', 'stopped', 'interrupted', 'error', 'unfinished']),
  verdict,
  exitCode: z.number(),
  exitReason: z.string(),
  findings: z.array(
    z.object({
      name: z.string(),
      check: z.string(),
      severity: z.enum(['fail', 'warn']),
      verdict,
      summary: z.string(),
      /** The fault step that it is about. */
      step: z.string().nullable(),
      measurements: z.array(z.object({ name: z.string(), value: z.union([z.number(), z.string()]).nullable(), unit: z.string() })),
    }),
  ),
  faults: z.array(
    z.object({
      step: z.string(),
      type: z.string(),
      /** Pairs of services, `gateway->payments`. */
      edges: z.array(z.string()),
      matched: z.number(),
      applied: z.number(),
    }),
  ),
  /** Figures over the whole run. */
  flows: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      count: z.number(),
      successRate: z.number().nullable(),
      p50Ms: z.number().nullable(),
      p99Ms: z.number().nullable(),
    }),
  ),
});
export type RunSummary = z.output<typeof runSummarySchema>;

export function summaryOf({ record, findings, verdict: ofRun, exit }: Report): RunSummary {
  const { plan } = record;
  return {
    run: record.run,
    title: plan.title,
    file: plan.file,
    environment: plan.environment,
    seed: plan.seed,
    inputs: { ...plan.inputs },
    version: record.version,
    planHash: planHash(plan),
    startedWallMs: record.wallMs,
    durationMs: finite(record.toMs - record.fromMs),
    status: record.status,
    verdict: ofRun,
    exitCode: exit.code,
    exitReason: exit.reason,
    findings: findings.map(({ name, check, severity, verdict, summary, measurements }) => ({
      name,
      check,
      severity,
      verdict,
      summary,
      step: stepOfCheck(plan, { name, check }) ?? null,
      measurements: measurements.map(({ name, value, unit = '' }) => ({
        name,
        value: typeof value === 'number' ? finite(value) : value,
        unit,
      })),
    })),
    faults: record.faults.map(({ step, planned, matched, applied }) => ({
      step,
      type: planned.type,
      edges: edgesOf(plan, planned.links),
      matched,
      applied,
    })),
    flows: flowsIn(record),
  };
}

function flowsIn(record: RunRecord): RunSummary['flows'] {
  const whole = { fromMs: record.fromMs, toMs: Number.POSITIVE_INFINITY };
  return flowsOf(record).map(({ from, to, ...seen }) => {
    const { count, successRatio, p50Ms, p99Ms } = figuresOf(seen, whole);
    return { from, to, count, successRate: successRatio === null ? null : successRatio * 100, p50Ms, p99Ms };
  });
}

function edgesOf(plan: RecordedPlan, links: readonly string[]): string[] {
  const wanted = new Set(links);
  const edges = plan.links.filter(({ name }) => wanted.has(name)).map(({ fromService, toService }) => `${fromService}->${toService}`);
  return [...new Set(edges)];
}

function planHash({ seed: _seed, file: _file, ...plan }: RecordedPlan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 16);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
