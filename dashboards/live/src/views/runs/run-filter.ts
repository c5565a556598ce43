/** Which runs of a list are meant, and which two of them were chosen. Pure. */
import type { RunHead } from '../../../../../src/control/library/contract.js';

export interface RunFilter {
  /** All of them have to be somewhere in what the list says of a run. */
  words: string;
  /** Empty: any. */
  verdict: string;
}

export const VERDICTS = ['pass', 'fail', 'inconclusive', 'error'] as const;

export function isMeant(
  run: Pick<RunHead, 'run' | 'title' | 'environment' | 'faults' | 'verdict'>,
  { words, verdict }: RunFilter,
): boolean {
  if (verdict !== '' && run.verdict !== verdict) return false;
  const said = [run.run, run.title, run.environment, ...run.faults].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

/** Two at most: a third takes the place of the one that was chosen first. */
export function toggled(chosen: readonly string[], run: string): readonly string[] {
  if (chosen.includes(run)) return chosen.filter((one) => one !== run);
  return [...chosen, run].slice(-2);
}

/** Two pages of a list as one: while somebody reads, runs end and move what was on the first page to the second. */
export function joined<T extends { run: string }>(newer: readonly T[], older: readonly T[]): readonly T[] {
  const known = new Set(newer.map(({ run }) => run));
  return [...newer, ...older.filter(({ run }) => !known.has(run))];
}
