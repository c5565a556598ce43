/**
 * What a service holds: requests that have come and were neither answered nor turned away, instant by instant. A caller that gives up takes
 * nothing off its hands as far as anybody knows, so what was given up counts as held on.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import type { Interval } from './statistics.js';

/** Samples of a window: all pairs of them are compared. */
const SAMPLES_MAX = 200;
const STEP_MIN_MS = 250;
/** Pairs of samples nearer than this say more of chance than of growth. */
const PAIR_MIN_MS = 1_000;

export interface Held {
  atMs: number;
  requests: number;
}

/** Requests held at every step of the window. */
export function heldOver(requests: ExchangeList, { fromMs, toMs }: Window): Held[] {
  const stepMs = Math.max(STEP_MIN_MS, (toMs - fromMs) / SAMPLES_MAX);
  const steps = Array.from({ length: Math.max(0, Math.floor((toMs - fromMs) / stepMs)) }, (_, i) => ({
    atMs: fromMs + i * stepMs,
    requests: 0,
  }));
  const changes = new Float64Array(steps.length + 1);
  const indexOf = (ms: number): number => Math.min(steps.length, Math.max(0, Math.ceil((ms - fromMs) / stepMs)));
  for (const request of requests) {
    const [first, next] = [indexOf(request.startMs), indexOf(isHandedBack(request) ? request.endMs : Number.POSITIVE_INFINITY)];
    changes[first] = (changes[first] ?? 0) + 1;
    changes[next] = (changes[next] ?? 0) - 1;
  }
  let held = 0;
  for (const [i, step] of steps.entries()) {
    held += changes[i] ?? 0;
    step.requests = held;
  }
  return steps;
}

/** Answered, turned away, or refused: the service is rid of it, and its caller knows. */
export function isHandedBack({ end }: RecordedExchange): boolean {
  return end !== 'timeout' && end !== 'clientClosed' && end !== 'clientReset';
}

/** Growth in requests per second: the median of the slopes of all pairs (Theil and Sen), and its 95 % interval. */
export function growthOf(held: readonly Held[]): { perSecond: number; interval: Interval } | undefined {
  const slopes: number[] = [];
  for (const [i, a] of held.entries()) {
    for (const b of held.slice(i + 1)) {
      if (b.atMs - a.atMs >= PAIR_MIN_MS) slopes.push((1_000 * (b.requests - a.requests)) / (b.atMs - a.atMs));
    }
  }
  if (slopes.length === 0) return undefined;
  slopes.sort((a, b) => a - b);
  // Kendall's variance: the pairs share samples, so their number is no sample size.
  const half = (1.96 * Math.sqrt((held.length * (held.length - 1) * (2 * held.length + 5)) / 18)) / 2;
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] ?? 0;
  return { perSecond: at(slopes.length / 2), interval: [at(slopes.length / 2 - half), at(slopes.length / 2 + half)] };
}
