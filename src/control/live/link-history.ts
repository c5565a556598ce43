/**
 * The last hour of every link, a row a second, in packed columns: 100 links that never rest take 19 MB. Memory is taken in stretches of five minutes, and
 * only for those in which there was something to tell. Beyond so many links those that come later are not kept.
 */
import type { LinkSecond } from '../../journal/link-second.js';
import type { LiveHistory } from './contract.js';

const SECONDS_MAX = 3_600;
const LINKS_MAX = 500;
const STRETCH_SECONDS = 300;
/** Clocks of a run's processes are one; what says that it is of later than this is not believed. */
const AHEAD_SECONDS_MAX = 5;

type Column = keyof LiveHistory['columns'];

/** Digits behind the point that are told: a float has more than it knows. */
const COLUMNS: readonly { name: Column; isNullable: boolean; digits: number }[] = [
  { name: 'requests', isNullable: false, digits: 0 },
  { name: 'errors', isNullable: false, digits: 0 },
  { name: 'faulted', isNullable: false, digits: 0 },
  { name: 'answers2xx', isNullable: false, digits: 0 },
  { name: 'answers3xx', isNullable: false, digits: 0 },
  { name: 'answers4xx', isNullable: false, digits: 0 },
  { name: 'answers5xx', isNullable: false, digits: 0 },
  { name: 'p50Ms', isNullable: true, digits: 2 },
  { name: 'p90Ms', isNullable: true, digits: 2 },
  { name: 'p99Ms', isNullable: true, digits: 2 },
  { name: 'bytesUp', isNullable: false, digits: 0 },
  { name: 'bytesDown', isNullable: false, digits: 0 },
  { name: 'connections', isNullable: true, digits: 0 },
];

/** Number of the stretch → its columns, one behind the other. NaN is null. */
type Stretches = Map<number, Float32Array>;

export class LinkHistory {
  readonly #links = new Map<string, Stretches>();

  get links(): readonly string[] {
    return [...this.#links.keys()];
  }

  /** Takes the place of what was known of that link and second. What is older than an hour, or of the future, is not kept. */
  put(row: LinkSecond, nowSecond: number): void {
    const { link, second } = row;
    if (!(second > nowSecond - SECONDS_MAX && second <= nowSecond + AHEAD_SECONDS_MAX)) return;
    const stretches = this.#links.get(link) ?? this.#open(link);
    if (stretches === undefined) return;
    const number = Math.floor(second / STRETCH_SECONDS);
    let columns = stretches.get(number);
    if (columns === undefined) {
      columns = emptyStretch();
      stretches.set(number, columns);
    }
    const at = second - number * STRETCH_SECONDS;
    for (const [index, { name }] of COLUMNS.entries()) columns[index * STRETCH_SECONDS + at] = row[name] ?? Number.NaN;
  }

  /** From one second to before another; undefined where nothing was ever kept of the link. */
  read(link: string, { fromSecond, toSecond }: { fromSecond: number; toSecond: number }): LiveHistory | undefined {
    const stretches = this.#links.get(link);
    if (stretches === undefined) return undefined;
    const first = Math.max(fromSecond, toSecond - SECONDS_MAX);
    const columnOf = (index: number) => valuesOf(stretches, { fromSecond: first, toSecond, index });
    // Object.fromEntries cannot know that all columns are there.
    const columns = Object.fromEntries(COLUMNS.map(({ name }, index) => [name, columnOf(index)])) as unknown as LiveHistory['columns'];
    return { link, fromSecond: first, columns };
  }

  /** Gives back the memory of what is older than an hour. */
  forget(nowSecond: number): void {
    const oldest = Math.floor((nowSecond - SECONDS_MAX) / STRETCH_SECONDS);
    for (const [link, stretches] of this.#links) {
      for (const number of stretches.keys()) if (number < oldest) stretches.delete(number);
      if (stretches.size === 0) this.#links.delete(link);
    }
  }

  #open(link: string): Stretches | undefined {
    if (this.#links.size >= LINKS_MAX) return undefined;
    const stretches: Stretches = new Map();
    this.#links.set(link, stretches);
    return stretches;
  }
}

function emptyStretch(): Float32Array {
  const columns = new Float32Array(COLUMNS.length * STRETCH_SECONDS);
  for (const [index, { isNullable }] of COLUMNS.entries())
    if (isNullable) columns.fill(Number.NaN, index * STRETCH_SECONDS, (index + 1) * STRETCH_SECONDS);
  return columns;
}

/** Of one column. The stretch is looked up once for all of its seconds: a state has 150,000 values. */
function valuesOf(
  stretches: Stretches,
  { fromSecond, toSecond, index }: { fromSecond: number; toSecond: number; index: number },
): (number | null)[] {
  const { isNullable = false, digits = 0 } = COLUMNS[index] ?? {};
  const nothing = isNullable ? null : 0;
  const scale = 10 ** digits;
  const values: (number | null)[] = [];
  for (let second = fromSecond; second < toSecond; ) {
    const number = Math.floor(second / STRETCH_SECONDS);
    const columns = stretches.get(number);
    const firstSecond = number * STRETCH_SECONDS;
    const untilSecond = Math.min(toSecond, firstSecond + STRETCH_SECONDS);
    for (; second < untilSecond; second++) {
      const value = columns?.[index * STRETCH_SECONDS + second - firstSecond] ?? Number.NaN;
      values.push(Number.isNaN(value) ? nothing : Math.round(value * scale) / scale);
    }
  }
  return values;
}
