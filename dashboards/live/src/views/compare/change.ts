/** How much a figure changed from one run to another, in words; and which run one is held against. Pure. */
import type { CompareAnswer, RunHead } from '../../../../../src/control/library/contract.js';
import { formatMs, formatNumber } from '../../parts/words.js';

type Figure = CompareAnswer['figures'][number];

/** Figures that moved less than this are not worth a line. */
const MOVED_RATIO = 0.05;

export function hasMoved({ before, after, ratio }: Figure): boolean {
  return ratio === null ? before !== after : Math.abs(ratio - 1) > MOVED_RATIO;
}

export function changeOf({ ratio }: Pick<Figure, 'ratio'>): string {
  if (ratio === null) return '';
  return `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(0)} %`;
}

/** A figure with its unit. */
export function sayFigure(value: number | null, unit: string): string {
  if (value === null) return '–';
  if (unit === 'ms') return formatMs(value);
  return unit === '%' ? `${formatNumber(value)} %` : formatNumber(value);
}

/** The run before it of the same experiment; else the one before it. `runs` newest first. */
export function partner(runs: readonly Pick<RunHead, 'run' | 'title'>[], run: string | undefined): string | undefined {
  const at = runs.findIndex((one) => one.run === run);
  const earlier = runs.slice(at + 1);
  return (earlier.find(({ title }) => title === runs[at]?.title) ?? earlier[0] ?? runs.find((one) => one.run !== run))?.run;
}
