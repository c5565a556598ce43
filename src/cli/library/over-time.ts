/** Runs over time, in the shapes that the daemon answers with. */
import type { Question } from '../../control/library/clerk.js';
import type { CompareAnswer, CoverageAnswer, RunHead, RunsAnswer, TrendAnswer } from '../../control/library/contract.js';
import { LabError } from '../../core/errors.js';
import { compareRuns } from '../../history/compare.js';
import { coverageOf } from '../../history/coverage.js';
import type { RunSummary } from '../../history/run-summary.js';
import { figureNames, trendOf } from '../../history/trend.js';
import { withStore } from '../history/store-options.js';

const DAY_MS = 86_400e3;

export async function listOf(
  folder: string,
  { title, verdict, beforeWallMs, limit }: Extract<Question, { kind: 'runs' }>,
): Promise<RunsAnswer> {
  const remarks: string[] = [];
  const warn = (sentence: string): void => void remarks.push(sentence);
  return withStore({ warn }, { out: folder }, async (store) => {
    const found = await store.list({ title, verdict, beforeWallMs, limit: limit + 1 });
    return { runs: found.slice(0, limit).map(headOf), more: found.length > limit, store: store.name, remarks };
  });
}

export async function comparison(folder: string, names: { before: string; after: string }): Promise<CompareAnswer> {
  const runs = await all(folder);
  const find = (run: string): RunSummary => {
    const found = runs.find((one) => one.run === run);
    if (found === undefined) throw new LabError('RUN_UNKNOWN', { run: `"${run}"`, folder });
    return found;
  };
  const [before, after] = [find(names.before), find(names.after)];
  return { ...compareRuns(before, after), before: headOf(before), after: headOf(after) };
}

export async function coverage(folder: string, given: { nowWallMs: number; expireDays: number }): Promise<CoverageAnswer> {
  const { nowWallMs, expireDays } = given;
  return { cells: coverageOf(await all(folder), { nowWallMs, expireMs: expireDays * DAY_MS }), expireDays };
}

export async function trend(
  folder: string,
  { title, figure, limit }: Pick<Extract<Question, { kind: 'trend' }>, 'title' | 'figure' | 'limit'>,
): Promise<TrendAnswer> {
  const runs = await all(folder, { title, limit });
  const figures = figureNames(runs);
  const followed = figure ?? figures[0];
  return { figures, trend: followed === undefined ? null : (trendOf(runs, followed) ?? null) };
}

function all(folder: string, filter: { title?: string | undefined; limit?: number } = {}): Promise<readonly RunSummary[]> {
  return withStore({ warn: () => {} }, { out: folder }, (store) => store.list(filter));
}

function headOf({
  findings,
  faults,
  run,
  title,
  environment,
  verdict,
  status,
  exitCode,
  exitReason,
  startedWallMs,
  durationMs,
}: RunSummary): RunHead {
  const promises = { pass: 0, fail: 0, inconclusive: 0, error: 0 };
  for (const finding of findings) promises[finding.verdict] += 1;
  const types = [...new Set(faults.map(({ type }) => type))];
  return { run, title, environment, verdict, status, exitCode, exitReason, startedWallMs, durationMs, promises, faults: types };
}
