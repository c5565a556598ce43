/**
 * How a caller tries again: how often, after which waits, and what it repeats that may have been done. A wait is counted from the end of the
 * failed attempt on the wire. Where the caller had given that up before, without a word to the wire, its own wait was longer than it seems; an
 * attempt that begins while another runs has not waited for it.
 */
import type { List } from '../../journal/list.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import type { Call } from './calls.js';
import { isDelivered, isGoodAnswer } from './execution.js';
import { CUSUM_ALARM, cusum, type Interval, poissonEvidence, quantile, Z95 } from './statistics.js';

/** Repeating these by itself does what was done once more. */
const NOT_IDEMPOTENT: ReadonlySet<string> = new Set(['POST', 'PATCH']);
/** Waits below which nothing is said of their spread. */
const SPREAD_MIN = 10;

/** Waits before attempt number `attempt` (2, 3 …). */
export interface Waits {
  attempt: number;
  /** Not the mean: one stall of the machine would move that. */
  medianMs: number;
  minMs: number;
  maxMs: number;
  /** Standard deviation over mean; undefined of too few. */
  variation: number | undefined;
  samples: number;
}

export interface RetryEstimates {
  calls: List<Call>;
  /** Calls whose first attempt failed: those that could be tried again. */
  failedFirst: List<Call>;
  retried: List<Call>;
  attempts: number;
  attemptsMax: number;
  waits: readonly Waits[];
  waitsMs: readonly { n: number; waitMs: number }[];
  /** After attempts that had been given up before they ended, or may have been: the caller waited so long at least. */
  untoldWaitsMs: readonly { n: number; waitMs: number }[];
  /** Attempts that began while the one before still ran: hedges, or a timeout of which the wire was not told. */
  overlapping: number;
  /** Calls that must not be repeated blindly, were delivered, and were repeated. */
  unsafe: List<Call>;
}

/** `givesUpAfterMs`: so long the caller waits for an attempt, where that is known. */
export function estimateRetries(
  calls: List<Call>,
  { givesUpAfterMs = Number.POSITIVE_INFINITY }: { givesUpAfterMs?: number | undefined } = {},
): RetryEstimates {
  const failedFirst = calls.filter((call) => !isSuccess(call.attempts[0]));
  const steps = calls.flatMap(({ attempts }) =>
    attempts.slice(1).map((next, i) => stepTo(next, { before: attempts[i] ?? next, number: i + 2, givesUpAfterMs })),
  );
  const after = steps.filter((step) => step.waitMs >= 0);
  const waited = after.filter((step) => !step.isUntold);
  return {
    calls,
    failedFirst,
    retried: failedFirst.filter((call) => call.attempts.length > 1),
    attempts: calls.reduce((sum, call) => sum + call.attempts.length, 0),
    attemptsMax: calls.reduce((most, call) => Math.max(most, call.attempts.length), 0),
    waits: [...new Set(waited.map((step) => step.number))].sort((a, b) => a - b).map((number) => waitsBefore(number, waited)),
    waitsMs: waited,
    untoldWaitsMs: after.filter((step) => step.isUntold),
    overlapping: steps.length - after.length,
    unsafe: calls.filter(isUnsafe),
  };
}

interface Step {
  n: number;
  number: number;
  waitMs: number;
  /** When the caller was done with the attempt before, the wire does not tell. */
  isUntold: boolean;
}

interface Before {
  before: RecordedExchange;
  number: number;
  givesUpAfterMs: number;
}

function stepTo(next: RecordedExchange, { before, number, givesUpAfterMs }: Before): Step {
  return { n: next.n, number, waitMs: next.startMs - before.endMs, isUntold: isLeftBehind(before, givesUpAfterMs) };
}

/** Asked again although it was well answered, or came later than it was waited for: given up before it ended. What the caller cut says when. */
function isLeftBehind(attempt: RecordedExchange, givesUpAfterMs: number): boolean {
  const isCut = attempt.end === 'clientClosed' || attempt.end === 'clientReset';
  return isGoodAnswer(attempt) || (!isCut && attempt.endMs - attempt.startMs > givesUpAfterMs);
}

function waitsBefore(attempt: number, steps: readonly Step[]): Waits {
  const waits = steps
    .filter((step) => step.number === attempt)
    .map((step) => step.waitMs)
    .sort((a, b) => a - b);
  const samples = waits.length;
  const meanMs = waits.reduce((sum, wait) => sum + wait, 0) / samples;
  const variance = waits.reduce((sum, wait) => sum + (wait - meanMs) ** 2, 0) / Math.max(1, samples - 1);
  const variation = samples < SPREAD_MIN || meanMs <= 0 ? undefined : Math.sqrt(variance) / meanMs;
  const [minMs = 0, maxMs = 0] = [waits[0], waits.at(-1)];
  return { attempt, medianMs: quantile(waits, 0.5), minMs, maxMs, variation, samples };
}

/** Repeated although the attempt before was delivered whole: nobody but the callee knows what became of it. */
function isUnsafe({ method, attempts }: Call): boolean {
  if (!NOT_IDEMPOTENT.has(method)) return false;
  return attempts.slice(0, -1).some(isDelivered);
}

/** 95 % interval of a coefficient of variation, for waits that spread like a timer's. */
export function variationInterval({ variation = 0, samples }: Waits): Interval {
  const half = Z95 * variation * Math.sqrt((1 + 2 * variation ** 2) / (2 * samples));
  return [Math.max(0, variation - half), variation + half];
}

const BIN_MS = 1_000;

/**
 * When attempts began to be more than `allowed` per call, by a CUSUM over seconds: half-way between that and `attemptsMax` is the storm that
 * it listens for. Undefined where none did.
 */
export function stormOnset(
  calls: List<Call>,
  { window, allowed, attemptsMax }: { window: Window; allowed: number; attemptsMax: number },
): number | undefined {
  if (attemptsMax <= allowed) return undefined;
  const bins = Array.from({ length: Math.ceil((window.toMs - window.fromMs) / BIN_MS) }, () => ({ calls: 0, attempts: 0 }));
  const binAt = (ms: number): { calls: number; attempts: number } | undefined => bins[Math.floor((ms - window.fromMs) / BIN_MS)];
  for (const call of calls) {
    const first = binAt(call.startMs);
    if (first !== undefined) first.calls += 1;
    for (const attempt of call.attempts) {
      const bin = binAt(attempt.startMs);
      if (bin !== undefined) bin.attempts += 1;
    }
  }
  let sum = 0;
  let sinceMs = window.fromMs;
  for (const [i, bin] of bins.entries()) {
    if (bin.calls === 0) continue;
    const rates = { before: bin.calls * allowed, after: (bin.calls * (allowed + attemptsMax)) / 2 };
    if (sum === 0) sinceMs = window.fromMs + i * BIN_MS;
    sum = cusum(sum, poissonEvidence(bin.attempts, rates));
    if (sum > CUSUM_ALARM) return sinceMs;
  }
  return undefined;
}
