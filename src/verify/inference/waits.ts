/**
 * How long a caller waited for each attempt, and how the waiting ended. A caller that gives up need not tell the wire: it answers its own
 * client, or tries again, and leaves the attempt running. Only requests joined to their attempts show that; without them an attempt that
 * nobody waits for looks like one that is waited for. What tells it from a hedge is that the answer, when it comes, is not taken.
 */
import { pathOf } from '../../journal/probe-paths.js';
import type { RecordedExchange } from '../../journal/record.js';
import type { Demand } from './demand.js';
import { isGoodAnswer } from './execution.js';
import { ascending, type Interval, median, quantile, quantileInterval } from './statistics.js';

/** Longer gaps between the end of an attempt and of what it was for are no accident of the wire. */
const GRACE_MS = 25;
/** Begun together: a fan-out, in which none is for another. */
const FAN_OUT_MS = 1;

export type WaitEnd =
  /** The caller ended the connection or the stream. */
  | 'cancelled'
  /** The caller went on without it, and left it running. */
  | 'abandoned'
  /** It was cut because the caller's own client had gone. */
  | 'followed'
  /** The caller's client had gone, and it ran on for nobody. */
  | 'orphaned'
  | 'answered'
  /** The callee, a fault or the link ended it. */
  | 'ended'
  /** The same was asked again, and nothing tells whether this was still waited for, as beside a hedge, or since when not. */
  | 'untold';

export interface Wait {
  attempt: RecordedExchange;
  /** The front-door request that it was made for; undefined where nothing joins them. */
  demand?: Demand;
  end: WaitEnd;
  waitedMs: number;
}

/** Of the attempts that one request led to. */
export function waitsOf(demand: Demand): Wait[] {
  const asked = demand.attempts.map((attempt, i) => ({
    attempt,
    later: demand.attempts.slice(i + 1).filter((b) => asksTheSame(attempt, b)),
  }));
  const isDeaf = asked.some((one) => ignoresAnswer(one, demand));
  return asked.map((one) => ({ attempt: one.attempt, demand, ...endOfWait(one, demand, isDeaf) }));
}

/** An attempt, and those that asked the same after it. */
interface Asked {
  attempt: RecordedExchange;
  later: readonly RecordedExchange[];
}

function asksTheSame(a: RecordedExchange, b: RecordedExchange): boolean {
  return a.method === b.method && pathOf(a.path) === pathOf(b.path);
}

/** A good answer came while the same was asked once more, and the caller waited for another, or asked again: it hedges not, it had given up. */
function ignoresAnswer({ attempt, later }: Asked, demand: Demand): boolean {
  const [next] = later;
  if (next === undefined || !overlaps(attempt, next) || !isGoodAnswer(attempt)) return false;
  const afterMs = attempt.endMs + GRACE_MS;
  return demand.endMs > afterMs && later.some(({ startMs, endMs }) => startMs > afterMs || (endMs > afterMs && endMs <= demand.endMs));
}

/** Begun while the other ran on for long, and not together with it, as a fan-out is. */
function overlaps(attempt: RecordedExchange, next: RecordedExchange): boolean {
  return next.startMs - attempt.startMs >= FAN_OUT_MS && attempt.endMs - next.startMs > GRACE_MS;
}

/** `isDeaf`: the caller is known to ignore the answers to what it has asked for once more. */
function endOfWait({ attempt, later: [next] }: Asked, demand: Demand, isDeaf: boolean): Pick<Wait, 'end' | 'waitedMs'> {
  const waitedMs = attempt.endMs - attempt.startMs;
  const outlivedByMs = attempt.endMs - demand.endMs;
  if (outlivedByMs > GRACE_MS && demand.answered) {
    const untilMs = Math.min(demand.endMs, next?.startMs ?? demand.endMs);
    return { end: 'abandoned', waitedMs: Math.max(0, untilMs - attempt.startMs) };
  }
  if (outlivedByMs > GRACE_MS) return { end: 'orphaned', waitedMs };
  if (isCutByCaller(attempt)) return { end: !demand.answered && outlivedByMs > -GRACE_MS ? 'followed' : 'cancelled', waitedMs };
  if (next !== undefined && outlivedByMs < -GRACE_MS) {
    const isOverlapped = overlaps(attempt, next);
    if (isOverlapped && isDeaf) return { end: 'abandoned', waitedMs: next.startMs - attempt.startMs };
    const isAsked = isOverlapped || (isGoodAnswer(attempt) && next.startMs >= attempt.endMs);
    if (isAsked) return { end: 'untold', waitedMs };
  }
  return { end: attempt.end === 'complete' ? 'answered' : 'ended', waitedMs };
}

/** Of an attempt that is joined to nothing: all that can be told is whether its caller cut it. */
export function waitAlone(attempt: RecordedExchange): Wait {
  const end = isCutByCaller(attempt) ? 'cancelled' : attempt.end === 'complete' ? 'answered' : 'ended';
  return { attempt, end, waitedMs: attempt.endMs - attempt.startMs };
}

function isCutByCaller({ end }: RecordedExchange): boolean {
  return end === 'clientClosed' || end === 'clientReset';
}

export interface Patience {
  /** The caller gave these up by itself. */
  gaveUp: readonly Wait[];
  medianMs: number;
  /** 95 %, of the median. */
  intervalMs: Interval;
  /** Standard deviation over mean; a timer's is below 0.05. */
  variation: number;
  kind: 'total' | 'idle' | 'unknown';
}

/** Ratio of what trickling answers were waited for over silent ones, from which on it is no deadline for the whole. */
const IDLE_FROM = 1.5;
/** Of each, without which they are not compared. */
const KIND_MIN = 5;

export function patienceOf(waits: readonly Wait[]): Patience {
  const gaveUp = waits.filter(({ end }) => end === 'cancelled' || end === 'abandoned');
  const waitedMs = ascending(gaveUp.map((wait) => wait.waitedMs));
  const mean = waitedMs.reduce((sum, ms) => sum + ms, 0) / waitedMs.length;
  const deviation = Math.sqrt(waitedMs.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / Math.max(1, waitedMs.length - 1));
  return {
    gaveUp,
    medianMs: quantile(waitedMs, 0.5),
    intervalMs: quantileInterval(waitedMs, 0.5),
    variation: deviation / mean,
    kind: kindOf(waits, gaveUp),
  };
}

/** A deadline for the whole does not care whether bytes flow; a timer of silence lets those go on that trickle. */
function kindOf(waits: readonly Wait[], gaveUp: readonly Wait[]): Patience['kind'] {
  const medianOf = (some: readonly Wait[]): number => median(some.map((wait) => wait.waitedMs));
  const silent = gaveUp.filter(({ attempt }) => attempt.responseStartMs === undefined);
  const silentMs = medianOf(silent);
  if (silent.length < KIND_MIN) return 'unknown';
  const trickling = waits.filter(({ attempt, waitedMs }) => isTrickling(attempt, silentMs) && waitedMs > silentMs / 2);
  const outlasting = trickling.filter(({ waitedMs }) => waitedMs >= IDLE_FROM * silentMs);
  if (outlasting.length >= KIND_MIN) return 'idle';
  const cut = trickling.filter((wait) => gaveUp.includes(wait));
  return cut.length >= KIND_MIN && medianOf(cut) < IDLE_FROM * silentMs ? 'total' : 'unknown';
}

/** Its answer began well before a caller that hears nothing gives up. */
function isTrickling({ startMs, responseStartMs }: RecordedExchange, silentMs: number): boolean {
  return responseStartMs !== undefined && responseStartMs - startMs < silentMs / 2;
}
