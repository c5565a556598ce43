/**
 * The last hour of one link, a value a second and column, in rings that are written in place: an hour of a hundred links is too much to copy every
 * second. What a reader would get wrong: a second that nobody told of is 0 requests only after `knownFrom`; before it, it is not known.
 */
import type { LiveHistory } from '../../../../src/control/live/contract.js';
import type { LinkSecond } from '../../../../src/journal/link-second.js';

export type ColumnName = Exclude<keyof LinkSecond, 'link' | 'second'>;

/** An hour. What is older is overwritten. */
export const SECONDS_MAX = 3_600;

const COLUMN_NAMES = [
  'requests',
  'errors',
  'faulted',
  'answers2xx',
  'answers3xx',
  'answers4xx',
  'answers5xx',
  'p50Ms',
  'p90Ms',
  'p99Ms',
  'bytesUp',
  'bytesDown',
  'connections',
] as const satisfies readonly ColumnName[];

/** Columns in which nothing happening is no value, not 0. */
const MEASURED: ReadonlySet<ColumnName> = new Set<ColumnName>(['p50Ms', 'p90Ms', 'p99Ms', 'connections']);

export interface LinkHistory {
  readonly link: string;
  /** The newest second that something was told of; -Infinity before the first. */
  newest: number;
  /** From this second on, silence means that nothing happened. */
  knownFrom: number;
  /** By `second % SECONDS_MAX`; NaN is no value. */
  readonly columns: Readonly<Record<ColumnName, Float32Array>>;
}

export function createHistory(link: string, knownFrom: number): LinkHistory {
  const columns = Object.fromEntries(COLUMN_NAMES.map((name) => [name, new Float32Array(SECONDS_MAX)]));
  return { link, newest: Number.NEGATIVE_INFINITY, knownFrom, columns: columns as LinkHistory['columns'] };
}

/** Takes the place of what was known of that second. What is older than an hour is not kept. */
export function putSecond(history: LinkHistory, told: LinkSecond): void {
  const { second } = told;
  if (!Number.isSafeInteger(second) || second <= history.newest - SECONDS_MAX) return;
  if (second > history.newest) forget(history, second);
  for (const name of COLUMN_NAMES) history.columns[name][slotOf(second)] = told[name] ?? Number.NaN;
}

/** Makes room up to `second`: the slots in between hold seconds of an hour before. */
function forget(history: LinkHistory, second: number): void {
  const from = Math.max(history.newest + 1, second - SECONDS_MAX + 1);
  for (const name of COLUMN_NAMES) {
    const nothing = MEASURED.has(name) ? Number.NaN : 0;
    const column = history.columns[name];
    for (let s = from; s <= second; s++) column[slotOf(s)] = nothing;
  }
  history.newest = second;
}

/** The daemon's own record, up to but without `beforeSecond`: from there on, what is known here is newer. */
export function fillHistory(history: LinkHistory, { fromSecond, columns }: LiveHistory, beforeSecond = Number.POSITIVE_INFINITY): void {
  const end = Math.min(fromSecond + columns.requests.length, beforeSecond);
  for (let second = fromSecond; second < end; second++) {
    if (second > history.newest) forget(history, second);
    if (second <= history.newest - SECONDS_MAX) continue;
    for (const name of COLUMN_NAMES) history.columns[name][slotOf(second)] = columns[name][second - fromSecond] ?? Number.NaN;
  }
  history.knownFrom = Math.min(history.knownFrom, fromSecond);
}

/** The value of one second; undefined where nothing is known, or nothing was measured. */
export function valueAt(history: LinkHistory, name: ColumnName, second: number): number | undefined {
  if (second < history.knownFrom || second <= history.newest - SECONDS_MAX) return undefined;
  if (second > history.newest) return MEASURED.has(name) ? undefined : 0;
  const value = history.columns[name][slotOf(second)];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** The sum over `from … to`, both in it; what is not known counts as nothing. */
export function sumOver(history: LinkHistory, name: ColumnName, [from, to]: readonly [number, number]): number {
  let sum = 0;
  for (let s = from; s <= to; s++) sum += valueAt(history, name, s) ?? 0;
  return sum;
}

function slotOf(second: number): number {
  return ((second % SECONDS_MAX) + SECONDS_MAX) % SECONDS_MAX;
}
