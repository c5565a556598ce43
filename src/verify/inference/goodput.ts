/**
 * Goodput against what is offered: answers that are good and in time, bin by bin. A reader would get wrong that throughput is no goodput; a
 * service that answers everybody too late does nothing for anybody.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import { type Interval, meanInterval } from './statistics.js';

const BIN_MS = 1_000;
/** Bins are ranked by what was offered and cut into so many levels, each of at least so many bins. */
const LEVELS_MAX = 10;
const BINS_OF_LEVEL_MIN = 3;
/** Below so many levels no knee is looked for. */
export const LEVELS_MIN = 3;
/** So long must be looked at for that. */
export const LOOK_MS_MIN = LEVELS_MIN * BINS_OF_LEVEL_MIN * BIN_MS;

export interface Bin {
  offered: number;
  good: number;
  rejected: number;
}

export interface Level {
  offeredPerSecond: number;
  goodPerSecond: number;
  /** 95 %, of the mean over the bins of the level. */
  interval: Interval;
  rejectedShare: number;
  bins: number;
}

export interface Classes {
  isGood: (request: RecordedExchange) => boolean;
  isRejected: (request: RecordedExchange) => boolean;
}

/** Good: a good answer, no later than `sloMs`. Rejected: one of these statuses. */
export function classesOf({ sloMs, statuses }: { sloMs: number; statuses: readonly number[] }): Classes {
  return {
    isGood: (request) => isSuccess(request) && (request.status ?? 0) < 400 && request.endMs - request.startMs <= sloMs,
    isRejected: ({ end, status }) => end === 'complete' && status !== undefined && statuses.includes(status),
  };
}

/** Whole seconds of the window: offered by when requests began, done by when they ended, or a queue that fills would look like capacity. */
export function binsOf(requests: ExchangeList, { fromMs, toMs }: Window, { isGood, isRejected }: Classes): Bin[] {
  const bins = Array.from({ length: Math.floor((toMs - fromMs) / BIN_MS) }, (): Bin => ({ offered: 0, good: 0, rejected: 0 }));
  const binAt = (ms: number): Bin | undefined => bins[Math.floor((ms - fromMs) / BIN_MS)];
  for (const request of requests) {
    const begun = binAt(request.startMs);
    if (begun !== undefined) begun.offered += 1;
    const done = binAt(request.endMs);
    if (done === undefined) continue;
    if (isGood(request)) done.good += 1;
    if (isRejected(request)) done.rejected += 1;
  }
  return bins;
}

/** Levels of offered load in ascending order; seconds without any request are none. */
export function levelsOf(bins: readonly Bin[]): Level[] {
  const ranked = bins.filter(({ offered }) => offered > 0).sort((a, b) => a.offered - b.offered);
  const count = Math.min(LEVELS_MAX, Math.floor(ranked.length / BINS_OF_LEVEL_MIN));
  return Array.from({ length: count }, (_, i) => {
    const part = ranked.slice(Math.floor((i * ranked.length) / count), Math.floor(((i + 1) * ranked.length) / count));
    const sum = (pick: (bin: Bin) => number): number => part.reduce((total, bin) => total + pick(bin), 0);
    return {
      offeredPerSecond: sum((bin) => bin.offered) / part.length,
      goodPerSecond: sum((bin) => bin.good) / part.length,
      interval: meanInterval(part.map((bin) => bin.good)),
      rejectedShare: sum((bin) => bin.rejected) / sum((bin) => bin.offered),
      bins: part.length,
    };
  });
}

export interface Knee {
  /** What is done at best. */
  peak: Level;
  /** What is offered where goodput stops following it: two straight lines, through the origin and level, meet there. */
  offeredPerSecond: number;
  top: Level;
  /** Goodput at the highest load over the best. */
  kept: number;
  /** From the intervals of both. */
  keptInterval: Interval;
}

/** Undefined where the load never went beyond what was done: there is no knee in what follows. */
export function kneeOf(levels: readonly Level[]): Knee | undefined {
  const top = levels.at(-1);
  const peak = levels.reduce<Level | undefined>(
    (best, level) => (best === undefined || level.goodPerSecond > best.goodPerSecond ? level : best),
    undefined,
  );
  if (top === undefined || peak === undefined || !isOverloaded(top)) return undefined;
  const below = levels.filter((level) => !isOverloaded(level));
  const followed =
    below.reduce((sum, level) => sum + level.goodPerSecond, 0) /
    Math.max(
      1,
      below.reduce((sum, level) => sum + level.offeredPerSecond, 0),
    );
  const offeredPerSecond = followed > 0 ? peak.goodPerSecond / followed : peak.goodPerSecond;
  const kept = peak.goodPerSecond === 0 ? 0 : top.goodPerSecond / peak.goodPerSecond;
  const keptInterval: Interval = [
    Math.max(0, top.interval[0] / peak.interval[1]),
    top.interval[1] / Math.max(peak.interval[0], Number.MIN_VALUE),
  ];
  return { peak, offeredPerSecond, top, kept, keptInterval: peak === top ? [1, 1] : keptInterval };
}

/** A tenth of what is offered is not done. */
function isOverloaded({ offeredPerSecond, goodPerSecond }: Level): boolean {
  return goodPerSecond < 0.9 * offeredPerSecond;
}
