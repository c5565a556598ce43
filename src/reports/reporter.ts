/** The shape of a report format: one pure function from what was found to text. */
import { z } from 'zod';
import type { Definition } from '../core/catalog.js';
import type { RunRecord } from '../journal/record.js';
import type { Finding, Verdict } from '../verify/check.js';

export interface Report {
  record: RunRecord;
  findings: readonly Finding[];
  verdict: Verdict;
  /** Exit code of the run, design §7, and the reason in words. */
  exit: { code: number; reason: string };
}

export interface Reporter extends Definition {
  /** Without the dot; the file is `report.EXTENSION`. */
  readonly extension: string;
  render(report: Report): string;
}

const noOptions = z.strictObject({});

/** A format without options, as all are so far. */
export function defineReporter(reporter: Omit<Reporter, 'schema' | 'example'>): Reporter {
  return { schema: noOptions, example: {}, ...reporter };
}
