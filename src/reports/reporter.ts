/** The shape of a report format: one pure function from what was found to text. */
import type { RunRecord } from '../journal/record.js';
import type { Finding, Verdict } from '../verify/check.js';

export interface Report {
  record: RunRecord;
  findings: readonly Finding[];
  verdict: Verdict;
  /** Exit code of the run, design §7, and the reason in words. */
  exit: { code: number; reason: string };
}

export interface Reporter {
  readonly name: string;
  readonly summary: string;
  /** Without the dot; the file is `report.EXTENSION`. */
  readonly extension: string;
  render(report: Report): string;
}
