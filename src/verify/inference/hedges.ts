/**
 * Hedges: a second attempt for the same call that begins while the first is pending and unfailed. What tells a hedge from a retry after a
 * timeout is that the caller still takes the first answer if it comes; what tells it from a fan-out is that it waits before it begins.
 */
import type { List } from '../../journal/list.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange } from '../../journal/record.js';
import type { Call } from './calls.js';
import { type Interval, quantile, quantileInterval } from './statistics.js';

/** What overlaps by less is a first attempt that was cut as the second began: a retry. */
const OVERLAP_MIN_MS = 5;
/** Begun together: a fan-out, which no slowness has caused. */
const FAN_OUT_MS = 1;

export interface HedgedCall {
  call: Call;
  /** From the start of the first attempt to that of the hedge. */
  delayMs: number;
  /** The attempt that was answered first; undefined if none was. */
  winner?: RecordedExchange;
  /** The others that ran when it was answered. */
  losers: readonly RecordedExchange[];
}

export interface HedgeEstimates {
  calls: List<Call>;
  hedged: readonly HedgedCall[];
  /** Calls whose attempts began together. */
  fannedOut: number;
  /** Second attempts for one that was still running, whose answer came and was not taken: retries after an untold timeout. */
  impatient: number;
  extraAttempts: number;
  medianDelayMs: number;
  /** 95 %, of the median. */
  delayIntervalMs: Interval;
  /** Standard deviation over mean: below 0.1 it is a fixed delay. */
  delayVariation: number;
}

export function estimateHedges(calls: List<Call>): HedgeEstimates {
  const overlapping = calls.flatMap((call) => toHedged(call) ?? []);
  const together = overlapping.filter(({ delayMs }) => delayMs < FAN_OUT_MS);
  const delayed = overlapping.filter(({ delayMs }) => delayMs >= FAN_OUT_MS);
  const hedged = delayed.filter((hedge) => !isFirstAnswerIgnored(hedge));
  const delaysMs = hedged.map(({ delayMs }) => delayMs).sort((a, b) => a - b);
  const mean = delaysMs.reduce((sum, ms) => sum + ms, 0) / delaysMs.length;
  const variance = delaysMs.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / Math.max(1, delaysMs.length - 1);
  return {
    calls,
    hedged,
    fannedOut: together.length,
    impatient: delayed.length - hedged.length,
    extraAttempts: hedged.reduce((sum, { call }) => sum + call.attempts.length - 1, 0),
    medianDelayMs: quantile(delaysMs, 0.5),
    delayIntervalMs: quantileInterval(delaysMs, 0.5),
    delayVariation: Math.sqrt(variance) / mean,
  };
}

function toHedged(call: Call): HedgedCall | undefined {
  const [first, ...later] = call.attempts;
  const second = later[0];
  if (second === undefined || second.startMs > first.endMs - OVERLAP_MIN_MS) return undefined;
  const answered = call.attempts.filter(isSuccess).sort((a, b) => a.endMs - b.endMs);
  const winner = answered[0];
  const losers =
    winner === undefined
      ? []
      : call.attempts.filter((attempt) => attempt !== winner && attempt.startMs < winner.endMs && attempt.endMs > winner.endMs);
  return { call, delayMs: second.startMs - first.startMs, losers, ...(winner && { winner }) };
}

/** The first attempt was answered while another ran, and the caller went on waiting. Known only where the front door tells when it was done. */
function isFirstAnswerIgnored({ call, winner }: HedgedCall): boolean {
  const [first] = call.attempts;
  const otherMs = Math.min(...call.attempts.slice(1).map((attempt) => attempt.endMs));
  return winner === first && call.endMs !== undefined && call.endMs >= otherMs && otherMs - first.endMs > OVERLAP_MIN_MS;
}

/** Share of calm calls whose first attempt took no longer than the delay: a delay at the 95th percentile hedges one call in twenty. */
export function percentileOf(delayMs: number, calm: List<Call>): number | undefined {
  if (calm.length === 0) return undefined;
  return calm.filter(({ attempts: [first] }) => first.endMs - first.startMs <= delayMs).length / calm.length;
}

/** Losers that the caller let run on for longer than `withinMs` after it had its answer. */
export function leftRunning({ winner, losers }: HedgedCall, withinMs: number): readonly RecordedExchange[] {
  if (winner === undefined) return [];
  return losers.filter((loser) => loser.endMs > winner.endMs + withinMs);
}
