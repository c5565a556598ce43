/** One figure over many runs. */
import { figuresIn } from './compare.js';
import type { RunSummary } from './run-summary.js';

export interface TrendPoint {
  run: string;
  startedWallMs: number;
  verdict: RunSummary['verdict'];
  /** `null`: the run says nothing of it. */
  value: number | null;
}
export interface Trend {
  figure: string;
  unit: string;
  /** Oldest first. */
  points: readonly TrendPoint[];
}

/** `runs` newest first, as stores list them. Figures that no run tells have no trend. */
export function trendOf(runs: readonly RunSummary[], figure: string): Trend | undefined {
  const told = runs.map((run) => ({ run, found: figuresIn(run).get(figure) }));
  const unit = told.find(({ found }) => found !== undefined)?.found?.unit;
  if (unit === undefined) return undefined;
  const points = told.map(({ run: { run, startedWallMs, verdict }, found }) => ({
    run,
    startedWallMs,
    verdict,
    value: found?.value ?? null,
  }));
  return { figure, unit, points: points.reverse() };
}

/** The names of all figures that these runs tell, in order. */
export function figureNames(runs: readonly RunSummary[]): readonly string[] {
  return [...new Set(runs.flatMap((run) => [...figuresIn(run).keys()]))];
}
