/**
 * The state of a circuit breaker as the wire shows it. The indicator is "this request led to at least one attempt": about always while
 * closed, about never while open, and in isolated passes while half-open. Retries, fallbacks and front-door statuses do not enter.
 * Order is only trusted where one event was over before the other began: requests in flight together may overtake each other.
 */
import type { List } from '../../journal/list.js';
import { isSuccess } from '../../journal/observations.js';
import { type Demand, passed } from './demand.js';
import { isFullPool } from './full-pool.js';
import { type Burst, burstsOf, closingOf, tellTrials } from './half-open.js';
import { bernoulliEvidence, CUSUM_ALARM, cusum, type Interval, quantile } from './statistics.js';

/** Shares of requests that pass, closed at most and open; with the CUSUM's alarm this takes four requests to decide. */
const PASS_SHARE = { closed: 0.98, open: 0.02 } as const;
/** A share that stays between these for so many requests is a ramp or a throttle, not a mixture of open and closed; the second is a part of the reach. */
const PARTIAL_SHARE = { min: 0.05, max: 0.9, requestsMin: 20 } as const;
/** Below this part of the reach a share is still that of a ramp, even if it is no longer that of an open breaker. */
const RAMP_SHARE = 0.75;

/** Requests that may still have been under way when it opened: more than most pools hold. */
const AHEAD_MAX = 256;

/** What requests pass by, in each state. */
interface Shares {
  closed: number;
  open: number;
  /** Below it the state is neither. */
  partial: number;
  ramp: number;
}

function sharesOf(reach: number): Shares {
  const closed = Math.min(PASS_SHARE.closed, reach);
  return { closed, open: PASS_SHARE.open, partial: PARTIAL_SHARE.max * reach, ramp: RAMP_SHARE * reach };
}

/** One time that it was open. */
export interface Episode {
  /** From the last request that it still let through to the first rejection that was delivered. */
  opened: Interval;
  /** Undefined: still open when the record ends. */
  closed?: Interval;
  shortCircuited: List<Demand>;
  trials: readonly Burst[];
  /** Time open before each trial. */
  waitsMs: readonly number[];
  /** Passes that no half-open trial explains. */
  leaks: readonly Demand[];
  /** Last request through before it opened. */
  lastPass?: Demand;
  /** The share let through says ramp or throttle. */
  isPartial: boolean;
  /** Who got through did so when somebody ahead had ended: it was no breaker. */
  isPool: boolean;
}

/**
 * Episodes in order of time. Starts from closed, as the calibration of demand has made sure. `reach`: share of requests that pass without faults;
 * what a cache answers or the network loses is not turned away.
 */
export function breakerEpisodes(demands: List<Demand>, reach = 1): Episode[] {
  const shares = sharesOf(reach);
  const found = segmentPasses(demands, shares).flatMap((segment) => splitRamp(segment, demands, shares));
  const segments = joinTrials(joinFlicker(found, demands, shares), demands);
  const episodes: Episode[] = [];
  for (const [i, segment] of segments.entries()) {
    if (segment.state === 'open') episodes.push(toEpisode(demands, segment, segments[i + 1]));
  }
  return episodes;
}

interface Segment {
  state: 'closed' | 'open';
  /** Indexes into the demands; `to` is exclusive. */
  from: number;
  to: number;
}

/** Two CUSUMs, one for each way; a change is dated to where the alarm's evidence began. */
function segmentPasses(demands: List<Demand>, share: Shares): Segment[] {
  const evidence = {
    closed: bernoulliEvidence({ before: share.closed, after: share.open }),
    open: bernoulliEvidence({ before: share.open, after: share.closed }),
  };
  const segments: Segment[] = [{ state: 'closed', from: 0, to: demands.length }];
  let sum = 0;
  let since = 0;
  let i = -1;
  for (const demand of demands) {
    i += 1;
    const current = segments[segments.length - 1];
    if (current === undefined) break;
    sum = cusum(sum, passed(demand) ? evidence[current.state].hit : evidence[current.state].miss);
    if (sum === 0) since = i + 1;
    if (sum <= CUSUM_ALARM) continue;
    current.to = since;
    segments.push({ state: current.state === 'closed' ? 'open' : 'closed', from: since, to: demands.length });
    sum = 0;
    since = i + 1;
  }
  return segments;
}

/** A closed segment with many misses may have been one only in its later part: before that more and more was let through. */
function splitRamp(segment: Segment, demands: List<Demand>, shares: Shares): Segment[] {
  if (segment.state === 'open' || !isPartialShare(segment, demands, shares)) return [segment];
  const evidence = bernoulliEvidence({ before: shares.ramp, after: shares.closed });
  let sum = 0;
  let since = segment.from;
  for (let i = segment.from; i < segment.to; i++) {
    const demand = demands.at(i);
    sum = cusum(sum, demand !== undefined && passed(demand) ? evidence.hit : evidence.miss);
    if (sum === 0) since = i + 1;
    if (sum <= CUSUM_ALARM) continue;
    const parts: Segment[] = [
      { ...segment, to: since },
      { ...segment, from: since },
    ];
    return parts.filter(({ from, to }) => to > from);
  }
  return [segment];
}

/** Short segments that follow each other, and closed ones with many misses, are one stretch of partial passing. */
function joinFlicker(segments: readonly Segment[], demands: List<Demand>, shares: Shares): Segment[] {
  const joined: Segment[] = [];
  let run: Segment[] = [];
  const flush = (): void => {
    const first = run[0];
    const last = run[run.length - 1];
    if (first === undefined || last === undefined) return;
    const stretch: Segment = { state: 'open', from: first.from, to: last.to };
    const isPartial = run.length > 2 || (run.length === 1 && first.to - first.from >= PARTIAL_SHARE.requestsMin);
    for (const segment of isPartial && isPartialShare(stretch, demands, shares) ? [stretch] : run) joined.push(segment);
    run = [];
  };
  for (const segment of segments) {
    const isShort = segment.to - segment.from < PARTIAL_SHARE.requestsMin;
    if (isShort || isPartialShare(segment, demands, shares)) run.push(segment);
    else {
      flush();
      joined.push(segment);
    }
  }
  flush();
  return joinOpen(joined);
}

function isPartialShare({ from, to }: Segment, demands: List<Demand>, shares: Shares): boolean {
  const part = demands.slice(from, to);
  const share = part.filter(passed).length / part.length;
  return part.length >= PARTIAL_SHARE.requestsMin && share > PARTIAL_SHARE.min && share < shares.partial;
}

/**
 * A closed segment between two open ones was a burst of trials if nothing in it succeeded, or if it let no more attempts through than the
 * bursts before it: a fault that ends half-way through the trials leaves some of them good, and the breaker open.
 */
function joinTrials(segments: readonly Segment[], demands: List<Demand>): Segment[] {
  const partOf = ({ from, to }: Segment): List<Demand> => demands.slice(from, to);
  const isTrial = (segment: Segment, before: Segment): boolean => {
    const inside = partOf(segment);
    return !inside.some((d) => d.attempts.some(isSuccess)) || attemptsIn(inside) <= attemptsOfTrials(partOf(before));
  };
  const joined: Segment[] = [];
  for (const [i, segment] of segments.entries()) {
    const last = joined[joined.length - 1];
    const isBetween = last?.state === 'open' && segments[i + 1]?.state === 'open';
    if (last?.state === 'open' && (segment.state === 'open' || (isBetween && isTrial(segment, last)))) last.to = segment.to;
    else joined.push({ ...segment });
  }
  return joined;
}

function attemptsIn(demands: List<Demand>): number {
  return demands.reduce((sum, demand) => sum + demand.attempts.length, 0);
}

/** The attempts of a usual burst of passes while open: a few that were under way when it opened make no usual one. */
function attemptsOfTrials(inside: List<Demand>): number {
  const rejectedMs = inside.find((demand) => !passed(demand))?.endMs ?? Number.POSITIVE_INFINITY;
  const attempts = burstsOf(inside, rejectedMs).map((burst) => attemptsIn(burst.passes));
  return attempts.length === 0
    ? 0
    : quantile(
        attempts.sort((a, b) => a - b),
        0.5,
      );
}

function joinOpen(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined[joined.length - 1];
    if (last?.state === 'open' && segment.state === 'open') last.to = segment.to;
    else joined.push({ ...segment });
  }
  return joined;
}

function toEpisode(demands: List<Demand>, open: Segment, next: Segment | undefined): Episode {
  const inside = demands.slice(open.from, open.to);
  const shortCircuited = inside.filter((d) => !passed(d));
  // The earliest delivered rejection among those that raised the alarm: whatever began after it, began while open.
  const rejectedMs = Math.min(...shortCircuited.slice(0, 4).map((d) => d.endMs));
  const stragglers = inside.filter((d) => passed(d) && d.startMs <= rejectedMs);
  const lastPass = stragglers.at(-1) ?? (open.from > 0 ? demands.at(open.from - 1) : undefined);
  const opened: Interval = [Math.min(lastPass?.startMs ?? rejectedMs, rejectedMs), rejectedMs];

  const bursts = burstsOf(inside, rejectedMs);
  const intervalMs = ((inside.at(-1)?.startMs ?? 0) - (inside.at(0)?.startMs ?? 0)) / Math.max(1, inside.length - 1);
  const closing = next && closingOf(demands.slice(next.from, next.to), { bursts, intervalMs });
  const { trials, waitsMs, leaks } = tellTrials(closing?.bursts ?? bursts, {
    openedMs: rejectedMs,
    isClosed: closing !== undefined,
    intervalMs,
  });
  const lastRejected = shortCircuited.at(-1);
  const leakShare = leaks.length / Math.max(1, leaks.length + shortCircuited.length);
  return {
    opened,
    ...(closing && { closed: [Math.min(lastRejected?.startMs ?? rejectedMs, closing.atMs), closing.atMs] as const }),
    shortCircuited,
    trials,
    waitsMs,
    leaks,
    ...(lastPass && { lastPass }),
    isPartial: leakShare > PARTIAL_SHARE.min && inside.length >= PARTIAL_SHARE.requestsMin,
    isPool: isFullPool(inside, { ahead: demands.slice(Math.max(0, open.from - AHEAD_MAX), open.from), sinceMs: rejectedMs, intervalMs }),
  };
}
