/** The report of one run as the daemon makes it from the journal, `report.json`: what every part of this view reads. */
import type { z } from 'zod';
import type { reportDocument } from '../../../../../src/reports/report-document.js';

export type RunReport = z.output<typeof reportDocument>;
export type ReportFinding = RunReport['findings'][number];
export type ReportMeasurement = ReportFinding['measurements'][number];

/** Broken promises first, then what is open, then what was kept; each in the order of the plan. */
export function byUrgency(findings: readonly ReportFinding[]): readonly ReportFinding[] {
  const order = ['error', 'fail', 'inconclusive', 'pass'];
  return findings.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** Where a route of `/v1/history` about this run lies. */
export function routeOfRun(run: string, rest: string): string {
  return `/v1/history/${encodeURIComponent(run)}/${rest}`;
}
