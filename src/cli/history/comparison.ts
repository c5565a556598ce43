/** Two runs side by side on the terminal. */
import { formatMs } from '../../core/units.js';
import { compareRuns, type FigureChange } from '../../history/compare.js';
import type { RunSummary } from '../../history/run-summary.js';
import { printable } from '../../reports/printable.js';
import { formatNumber } from '../../reports/wording.js';
import type { CliContext } from '../command.js';
import { renderTable } from '../table.js';

/** Figures that moved less than this are not worth a line. */
const MOVED_RATIO = 0.05;

export function sayComparison(context: CliContext, before: RunSummary, after: RunSummary): void {
  const { caveats, verdicts, figures } = compareRuns(before, after);
  context.say(`before: ${before.run}  after: ${after.run}`);
  for (const caveat of caveats) context.say(printable(`not the same: ${caveat}`));
  context.say('');
  context.say(
    renderTable(
      ['promise', 'before', 'after', ''],
      verdicts.map((v) => [printable(v.name), v.before, v.after, v.kind === 'same' ? '' : v.kind]),
    ),
  );
  const moved = figures.filter(hasMoved);
  context.say('');
  if (moved.length === 0) context.say(`no figure moved by more than ${MOVED_RATIO * 100} %`);
  else context.say(renderTable(['figure', 'before', 'after', 'change'], moved.map(figureRow)));
}

function hasMoved({ before, after, ratio }: FigureChange): boolean {
  return ratio === null ? before !== after : Math.abs(ratio - 1) > MOVED_RATIO;
}

function figureRow({ subject, before, after, unit, ratio }: FigureChange): string[] {
  const change = ratio === null ? '' : `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(0)} %`;
  return [printable(subject), figure(before, unit), figure(after, unit), change];
}

/** A figure with its unit, for people. */
export function figure(value: number | null, unit: string): string {
  if (value === null) return '–';
  if (unit === 'ms') return formatMs(value);
  return unit === '%' ? `${formatNumber(value)} %` : formatNumber(value);
}
