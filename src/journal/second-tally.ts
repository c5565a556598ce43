/**
 * Exchanges on their way into sums: one row a link and second, finished when that second is over. Who ends in a second that is told already is counted in
 * the oldest one that is not, so that no request is missing from the sums and no row changes.
 */
import type { JsHistogram } from 'hdr-histogram-js';
import type { LinkSecond } from './link-second.js';
import { type Exchange, isSuccess } from './observations.js';
import { addTook, createTookUs } from './traffic-sum.js';

/** Rows that grow at the same time, 14 KiB each; requests beyond are counted as `uncounted` and nowhere else. */
const GROWING_MAX = 2_000;
/** Histograms that are kept to be used again: to make one costs more than to fill it. */
const IDLE_MAX = 500;

interface Growing {
  row: LinkSecond;
  tookUs: JsHistogram;
}

export function emptySecond(link: string, second: number): LinkSecond {
  const answers = { answers2xx: 0, answers3xx: 0, answers4xx: 0, answers5xx: 0 };
  const took = { p50Ms: null, p90Ms: null, p99Ms: null };
  return { link, second, requests: 0, errors: 0, faulted: 0, ...answers, ...took, bytesUp: 0, bytesDown: 0, connections: null };
}

export class SecondTally {
  readonly #growing = new Map<string, Growing>();
  readonly #idle: JsHistogram[] = [];
  #oldestOpen = Number.NEGATIVE_INFINITY;
  #uncounted = 0;

  /** Requests that came at the bound. */
  get uncounted(): number {
    return this.#uncounted;
  }

  add(exchange: Omit<Exchange, 'kind'>): void {
    if (exchange.isCopy) return;
    const second = Math.max(this.#oldestOpen, Math.floor(exchange.endMs / 1_000));
    const growing = this.#find(exchange.link, second);
    if (growing === undefined) {
      this.#uncounted += 1;
      return;
    }
    count(growing.row, exchange);
    addTook(growing.tookUs, exchange);
  }

  /** Rows of all seconds that were over by then, oldest first; they are no longer here. */
  take(untilMs: number): LinkSecond[] {
    const openFrom = Math.floor(untilMs / 1_000);
    this.#oldestOpen = Math.max(this.#oldestOpen, openFrom);
    const due = [...this.#growing].filter(([, { row }]) => row.second < openFrom);
    return due.map(([key, growing]) => this.#finish(key, growing)).sort((a, b) => a.second - b.second);
  }

  #find(link: string, second: number): Growing | undefined {
    const key = `${second} ${link}`;
    const known = this.#growing.get(key);
    if (known !== undefined || this.#growing.size >= GROWING_MAX) return known;
    const fresh = { row: emptySecond(link, second), tookUs: this.#idle.pop() ?? createTookUs() };
    this.#growing.set(key, fresh);
    return fresh;
  }

  #finish(key: string, { row, tookUs }: Growing): LinkSecond {
    this.#growing.delete(key);
    const ms = (percentile: number): number => tookUs.getValueAtPercentile(percentile) / 1e3;
    const finished = { ...row, p50Ms: ms(50), p90Ms: ms(90), p99Ms: ms(99) };
    tookUs.reset();
    if (this.#idle.length < IDLE_MAX) this.#idle.push(tookUs);
    return finished;
  }
}

type Answers = 'answers2xx' | 'answers3xx' | 'answers4xx' | 'answers5xx';
const ANSWERS: Readonly<Record<number, Answers>> = { 2: 'answers2xx', 3: 'answers3xx', 4: 'answers4xx', 5: 'answers5xx' };

function count(row: LinkSecond, { status, end, grpcStatus, applied, bytesUp, bytesDown }: Omit<Exchange, 'kind'>): void {
  row.requests += 1;
  // A connection that was handed over to another protocol was answered as its caller wished.
  const isGood = end === 'tunnel' || isSuccess({ end, status, grpcStatus });
  if (!isGood) row.errors += 1;
  if (applied !== undefined && applied.length > 0) row.faulted += 1;
  const answers = end === 'complete' && status !== undefined ? ANSWERS[Math.floor(status / 100)] : undefined;
  if (answers !== undefined) row[answers] += 1;
  row.bytesUp += bytesUp;
  row.bytesDown += bytesDown;
}
