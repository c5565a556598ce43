/**
 * Samples over time. A sample belongs to the moment it *started* (for the load: was meant to start), never to its end: a request that hung for
 * three seconds counts as slow in the second in which somebody asked, inside the fault that held it. Figures are nearest rank: exact, but for times
 * of a long run that were kept in histograms, which are right to 1 %.
 */
import type { RunRecord, Window } from '../journal/record.js';
import { mergedTook } from '../journal/traffic-sum.js';
import type { Ordered } from '../verify/inference/statistics.js';
import { countsOf, Timings } from '../verify/inference/timings.js';
import { within } from '../verify/inference/traffic.js';
import { type Flow, failedIn, type Seen } from './flow.js';

/** The time that a picture covers, and how it is divided. */
export interface Axis extends Window {
  bucketMs: number;
}
export interface Figures {
  count: number;
  failed: number;
  /** `null` without samples: nothing was asked, so nothing is said. */
  successRatio: number | null;
  ratePerSecond: number;
  failedPerSecond: number;
  /** Time to the end of the answer, failures included. */
  p50Ms: number | null;
  p99Ms: number | null;
}
export interface Point extends Figures, Window {}

/** More points than this cannot be told apart on a page. */
const BUCKETS_MAX = 180;
const BUCKET_CHOICES_MS = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000];

/** From the first thing worth showing (load, baseline or fault) to the end of settling; the whole run where neither is known. */
export function axisOf(record: RunRecord): Axis {
  const shown = record.phases.filter((p) => p.phase !== 'setup' && p.phase !== 'teardown');
  const starts = [
    ...shown.map((p) => p.fromMs),
    ...record.exchanges.slice(0, 1).map((e) => e.startMs),
    ...record.faults.map((f) => f.fromMs),
  ];
  const fromMs = Math.min(...(starts.length > 0 ? starts : [finite(record.fromMs, 0)]));
  const lastMs = finite(record.toMs, fromMs);
  const settled = record.phases.find((p) => p.phase === 'settle')?.toMs ?? Number.POSITIVE_INFINITY;
  const toMs = Math.max(fromMs + 1, Math.min(settled, lastMs));
  const bucketMs = BUCKET_CHOICES_MS.find((ms) => (toMs - fromMs) / ms <= BUCKETS_MAX) ?? (toMs - fromMs) / BUCKETS_MAX;
  return { fromMs, toMs, bucketMs };
}

function finite(value: number, otherwise: number): number {
  return Number.isFinite(value) ? value : otherwise;
}

/** One point a bucket, without gaps. The last bucket takes what is left over, so it may be up to half as long again. */
export function seriesOf(seen: Seen, axis: Axis): Point[] {
  const count = Math.max(1, Math.round((axis.toMs - axis.fromMs) / axis.bucketMs));
  const edgeMs = (i: number): number => (i === count ? axis.toMs : axis.fromMs + i * axis.bucketMs);
  return Array.from({ length: count }, (_, i) => {
    const window = { fromMs: edgeMs(i), toMs: edgeMs(i + 1) };
    return { ...window, ...figures(insideOf(seen, window), window.toMs - window.fromMs) };
  });
}

/** The figures of the samples that started inside a window; an open window ends with the last of them. */
export function figuresOf(seen: Seen, window: Window): Figures {
  const inside = insideOf(seen, window);
  const lastMs = Math.max(inside.samples.at(-1)?.startMs ?? window.fromMs, inside.sums.at(-1)?.fromMs ?? window.fromMs);
  return figures(inside, finite(window.toMs, lastMs) - window.fromMs);
}

/** What began in [fromMs, toMs). */
function insideOf({ samples, sums }: Seen, window: Window): Seen {
  return { samples: within(samples, window), sums: sums.filter(({ fromMs }) => fromMs >= window.fromMs && fromMs < window.toMs) };
}

function figures({ samples, sums }: Seen, lengthMs: number): Figures {
  const tookMs = new Float64Array(samples.length);
  let [at, failed] = [0, sums.reduce((all, sum) => all + failedIn(sum), 0)];
  for (const sample of samples) {
    tookMs[at] = sample.endMs - sample.startMs;
    at += 1;
    if (sample.failed) failed += 1;
  }
  const timings = new Timings(tookMs, sums.length === 0 ? [] : countsOf(mergedTook(sums)));
  const count = samples.length + sums.reduce((all, sum) => all + sum.count, 0);
  const perSecond = lengthMs > 0 ? 1_000 / lengthMs : 0;
  return {
    count,
    failed,
    successRatio: count === 0 ? null : 1 - failed / count,
    ratePerSecond: count * perSecond,
    failedPerSecond: failed * perSecond,
    p50Ms: nearestRank(timings, 0.5),
    p99Ms: nearestRank(timings, 0.99),
  };
}

/** The smallest value that at least `quantile` of all values do not exceed; `null` of nothing. */
export function nearestRank(sorted: Ordered, quantile: number): number | null {
  return sorted.at(Math.max(0, Math.ceil(quantile * sorted.length) - 1)) ?? null;
}

/** A part of the run with a name that a reader knows. */
export interface NamedWindow extends Window {
  name: string;
}

/** The parts that a reader compares: before, each fault, after. */
export function windowsOf(record: RunRecord): NamedWindow[] {
  const phase = (name: string) => record.phases.find((p) => p.phase === name);
  const [before, after] = [phase('baseline'), phase('settle')];
  return [
    ...(before ? [{ name: 'before', fromMs: before.fromMs, toMs: before.toMs }] : []),
    ...record.faults.map((f) => ({ name: f.step, fromMs: f.fromMs, toMs: f.toMs })),
    ...(after ? [{ name: 'after', fromMs: after.fromMs, toMs: after.toMs }] : []),
  ];
}

/** Every flow in every window: the table under the timeline. */
export function summaryOf(flows: readonly Flow[], windows: readonly NamedWindow[]): { flow: Flow; figures: readonly Figures[] }[] {
  return flows.map((flow) => ({ flow, figures: windows.map((window) => figuresOf(flow, window)) }));
}
