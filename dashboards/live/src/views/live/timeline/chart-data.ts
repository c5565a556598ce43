/** What the charts draw: for each second of the hour, a value of each line. Pure. */
import { type ColumnName, type LinkHistory, SECONDS_MAX, valueAt } from '../../../state/link-history.js';
import { lastSecond, newestTold } from '../../../state/link-now.js';

/** A value a second; null is a gap. */
export type Line = readonly (number | null)[];

/** The seconds of the hour that end with the newest whole one, in seconds of the daemon's clock. */
export function secondsUntil(nowMs: number): readonly number[] {
  const to = lastSecond(nowMs);
  return Array.from({ length: SECONDS_MAX }, (_, i) => to - SECONDS_MAX + 1 + i);
}

export function columnLine(history: LinkHistory | undefined, name: ColumnName, seconds: readonly number[]): Line {
  if (history === undefined) return seconds.map(() => null);
  const newest = newestIn(history, seconds);
  return seconds.map((second) => (second > newest ? null : (valueAt(history, name, second) ?? null)));
}

function newestIn(history: LinkHistory, seconds: readonly number[]): number {
  return newestTold(history, ((seconds.at(-1) ?? 0) + 1) * 1_000);
}

/** Errors of those asked; a second in which nothing was asked is a gap. */
export function errorLine(history: LinkHistory | undefined, seconds: readonly number[]): Line {
  if (history === undefined) return seconds.map(() => null);
  return seconds.map((second) => {
    const requests = valueAt(history, 'requests', second) ?? 0;
    return requests === 0 ? null : (valueAt(history, 'errors', second) ?? 0) / requests;
  });
}

/** Bytes both ways. */
export function bytesLine(history: LinkHistory | undefined, seconds: readonly number[]): Line {
  const [up, down] = [columnLine(history, 'bytesUp', seconds), columnLine(history, 'bytesDown', seconds)];
  return up.map((value, i) => (value === null ? null : value + (down[i] ?? 0)));
}

/** The value at an instant, or at the newest second that has one if none is asked for. */
export function valueOf(line: Line, seconds: readonly number[], atSecond: number | undefined): number | null {
  if (atSecond === undefined) return line.findLast((value) => value !== null) ?? null;
  const i = Math.round(atSecond - (seconds[0] ?? 0));
  return line[i] ?? null;
}
