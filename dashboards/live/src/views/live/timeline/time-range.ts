/**
 * The stretch of time that the charts show: the newest so many seconds for as long as they follow, else a stretch that stays. Pure; instants and
 * lengths in milliseconds of the daemon's clock. Never longer than the hour that is kept, never shorter than ten seconds.
 */
export type TimeRange = { kind: 'follow'; spanMs: number } | { kind: 'fixed'; fromMs: number; toMs: number };

export const SPAN_MS_MIN = 10_000;
export const SPAN_MS_MAX = 3_600_000;

export interface Stretch {
  fromMs: number;
  toMs: number;
}

export function stretchOf(range: TimeRange, nowMs: number): Stretch {
  return range.kind === 'fixed' ? range : { fromMs: nowMs - range.spanMs, toMs: nowMs };
}

/** What a page shows before anybody chose: the run from its beginning, for as long as that is not longer than a usual stretch. */
export function firstSpanMs(nowMs: number, runStartedMs: number | undefined): number {
  if (runStartedMs === undefined) return SPAN_MS_USUAL;
  return Math.min(SPAN_MS_USUAL, Math.max(SPAN_MS_FIRST, nowMs - runStartedMs + LEAD_MS));
}

const SPAN_MS_USUAL = 300_000;
const SPAN_MS_FIRST = 60_000;
const LEAD_MS = 3_000;

/** Makes it `factor` times as long, with the instant `aroundMs` staying where it is. While following, the newest second stays. */
export function zoomed(range: TimeRange, factor: number, { nowMs, aroundMs = nowMs }: { nowMs: number; aroundMs?: number }): TimeRange {
  const { fromMs, toMs } = stretchOf(range, nowMs);
  const spanMs = within(toMs - fromMs, factor);
  if (range.kind === 'follow') return { kind: 'follow', spanMs };
  const share = (aroundMs - fromMs) / (toMs - fromMs);
  return fixed({ fromMs: aroundMs - spanMs * share, toMs: aroundMs + spanMs * (1 - share) }, nowMs);
}

function within(spanMs: number, factor: number): number {
  return Math.min(SPAN_MS_MAX, Math.max(SPAN_MS_MIN, spanMs * factor));
}

/** Moves it by a share of its length. It stops at the ends of the hour, and at the newest second it does not begin to follow by itself. */
export function panned(range: TimeRange, share: number, nowMs: number): TimeRange {
  const { fromMs, toMs } = stretchOf(range, nowMs);
  const byMs = (toMs - fromMs) * share;
  return fixed({ fromMs: fromMs + byMs, toMs: toMs + byMs }, nowMs);
}

/** A stretch that was chosen, moved into the hour that there is. */
export function fixed({ fromMs, toMs }: Stretch, nowMs: number): TimeRange {
  const spanMs = within(toMs - fromMs, 1);
  const end = Math.min(nowMs, Math.max(fromMs + spanMs, nowMs - SPAN_MS_MAX + spanMs));
  return { kind: 'fixed', fromMs: end - spanMs, toMs: end };
}

/** As long as it is, at the newest second again. */
export function followed(range: TimeRange, nowMs: number): TimeRange {
  const { fromMs, toMs } = stretchOf(range, nowMs);
  return { kind: 'follow', spanMs: toMs - fromMs };
}
