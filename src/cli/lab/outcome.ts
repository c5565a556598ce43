/**
 * Whether a run did what its variant promises. What a reader gets wrong: an experiment that fails is as expected only if the promises that it names
 * are among the broken ones. A run that fails for another reason shows nothing, nor does one that could not be judged.
 */
import { EXIT } from '../../core/errors.js';
import type { PlannedVariant } from '../../experiment/plan.js';
import type { Finding } from '../../verify/check.js';
import type { PlanRun } from '../run-plan.js';
import type { LabCase } from './cases.js';

export interface LabRow extends Pick<LabCase, 'experiment' | 'file' | 'variant' | 'seed'> {
  expect: PlannedVariant['expect'];
  isAsExpected: boolean;
  verdict: Finding['verdict'];
  exitCode: number;
  /** Left out when there is not even a journal. */
  run?: string;
  tookMs?: number;
  /** One sentence: what was found by the promise that had to break, or what was not as expected. */
  evidence: string;
}

/** `said`: what the run complained of while it was carried out. */
export function labRow(of: LabCase, { exitCode, report }: PlanRun, said: readonly string[]): LabRow {
  const { experiment, file, variant, seed, expected } = of;
  const about = { experiment, file, ...(variant !== undefined && { variant }), seed, expect: expected.expect, exitCode };
  if (report === undefined) return { ...about, isAsExpected: false, verdict: 'error', evidence: said[0] ?? 'there is nothing to judge by' };
  const { record, verdict, findings } = report;
  const problem = problemOf(expected, { exitCode, findings, reason: said[0] ?? report.exit.reason });
  return {
    ...about,
    isAsExpected: problem === undefined,
    verdict,
    run: record.run,
    tookMs: record.toMs - record.fromMs,
    evidence: problem ?? proofOf(expected, findings),
  };
}

interface Found {
  exitCode: number;
  findings: readonly Finding[];
  reason: string;
}

/** What is not as expected. */
function problemOf({ expect, failing }: PlannedVariant, { exitCode, findings, reason }: Found): string | undefined {
  if (expect === 'pass') {
    if (exitCode === EXIT.pass) return undefined;
    const broken = findings.find((finding) => finding.severity === 'fail' && finding.verdict !== 'pass');
    return exitCode <= EXIT.inconclusive && broken !== undefined ? sentence(broken) : reason;
  }
  if (exitCode === EXIT.pass) return `expected ${failing.join(', ')} to break, but every promise was kept`;
  if (exitCode !== EXIT.fail) return reason;
  const kept = failing.map((name) => findings.find((finding) => finding.name === name)).find((finding) => finding?.verdict !== 'fail');
  return kept === undefined ? undefined : `expected ${kept.name} to break, found ${kept.verdict}: ${kept.summary}`;
}

function proofOf({ expect, failing }: PlannedVariant, findings: readonly Finding[]): string {
  if (expect === 'pass') {
    const kept = findings.filter(({ severity }) => severity === 'fail').length;
    return kept === 1 ? '1 promise kept' : `${kept} promises kept`;
  }
  const proof = findings.find(({ name }) => name === failing[0]);
  return proof === undefined ? '' : sentence(proof);
}

function sentence({ name, summary }: Finding): string {
  return `${name}: ${summary}`;
}
