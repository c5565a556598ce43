/** What became of the lab's experiments: for people as a table, for programs as one JSON line, and as the file from which the README's table is made. */
import { z } from 'zod';
import { grouped } from '../../core/grouped.js';
import { formatMs } from '../../core/units.js';
import { printable } from '../../reports/printable.js';
import { plural, VERDICT_WORDS } from '../../reports/wording.js';
import { renderTable } from '../table.js';
import type { LabRow } from './outcome.js';

/** One variant over all of its seeds. */
interface VariantResult {
  experiment: string;
  file: string;
  variant?: string | undefined;
  expect: LabRow['expect'];
  runs: number;
  asExpected: number;
  /** Each verdict that there was, once. */
  verdicts: readonly LabRow['verdict'][];
  tookMsMax: number;
  /** Of the first run that was not as expected, else of the first. */
  evidence: string;
}

/** In the order of the rows. */
function variantResults(rows: readonly LabRow[]): readonly VariantResult[] {
  const groups = grouped(rows, ({ file, variant }) => JSON.stringify([file, variant]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { experiment, file, variant, expect } = first;
    return {
      experiment,
      file,
      variant,
      expect,
      runs: group.length,
      asExpected: group.filter(({ isAsExpected }) => isAsExpected).length,
      verdicts: [...new Set(group.map(({ verdict }) => verdict))],
      tookMsMax: Math.max(...group.map(({ tookMs = 0 }) => tookMs)),
      evidence: (group.find(({ isAsExpected }) => !isAsExpected) ?? first).evidence,
    };
  });
}

interface Tally {
  experiments: number;
  asExpected: number;
}

/** An experiment is as expected when every run of every variant is. */
export function tallyOf(rows: readonly LabRow[]): Tally {
  const groups = [...grouped(rows, ({ file }) => file).values()];
  return { experiments: groups.length, asExpected: groups.filter((group) => group.every(({ isAsExpected }) => isAsExpected)).length };
}

/** One line as a run ends. */
export function renderRow({ experiment, variant, seed, isAsExpected, verdict, exitCode, tookMs, evidence }: LabRow): string {
  const name = variant === undefined ? experiment : `${experiment}, ${variant}`;
  const took = tookMs === undefined ? '' : `, ${formatMs(tookMs)}`;
  const word = `${VERDICT_WORDS[verdict].word}${isAsExpected ? ' as expected' : `, exit ${exitCode}, not as expected`}`;
  return printable(`${isAsExpected ? '✔' : '✘'} ${name} (seed ${seed}${took}): ${word}: ${evidence}`);
}

/** A table of all, and `N experiments, N as expected` below it. `skipped`: experiments that could not be run here. */
export function renderResults(rows: readonly LabRow[], skipped = 0): string {
  const results = variantResults(rows);
  const severalSeeds = results.some(({ runs }) => runs > 1);
  const head = ['experiment', 'variant', 'expected', 'verdict', 'longest', ...(severalSeeds ? ['as expected'] : [])];
  const table = renderTable(
    head,
    results.map(({ experiment, variant = '', expect, verdicts, runs, asExpected, tookMsMax }) => [
      printable(experiment),
      printable(variant),
      expect,
      `${runs === asExpected ? '✔' : '✘'} ${verdicts.join(', ')}`,
      formatMs(tookMsMax),
      ...(severalSeeds ? [`${asExpected} of ${runs}`] : []),
    ]),
  );
  const { experiments, asExpected } = tallyOf(rows);
  const disagreeing = results
    .filter(({ verdicts }) => verdicts.length > 1)
    .map(({ experiment, variant = '' }) => `${experiment} ${variant}`.trim());
  const agreement = !severalSeeds
    ? []
    : [disagreeing.length === 0 ? 'all seeds agree' : `seeds disagree on ${printable(disagreeing.join(', '))}`];
  return [
    table,
    '',
    ...agreement,
    `${plural(experiments, 'experiment')}, ${asExpected} as expected${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  ].join('\n');
}

const stored = z.strictObject({
  experiment: z.string(),
  variant: z.string().optional(),
  expect: z.enum(['pass', 'fail']),
  runs: z.int(),
  asExpected: z.int(),
  verdicts: z.array(z.enum(['pass', 'fail', 'inconclusive', 'error'])),
  evidence: z.string(),
});

/** By the file of the experiment. */
export const storedResults = z.record(z.string(), z.array(stored));
export type StoredResults = z.output<typeof storedResults>;

/** What was known, with the variants that have been run now in the place of what they were. Files in order of name. */
export function mergeResults(before: StoredResults, rows: readonly LabRow[]): StoredResults {
  const merged = { ...before };
  for (const { file, tookMsMax: _took, ...result } of variantResults(rows)) {
    const others = (merged[file] ?? []).filter(({ variant }) => variant !== result.variant);
    merged[file] = [...others, { ...result, verdicts: [...result.verdicts] }];
  }
  return Object.fromEntries(Object.entries(merged).sort(([a], [b]) => (a < b ? -1 : 1)));
}
