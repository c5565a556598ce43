/** What a defence can be expected to do in a given situation, before anything is tried: reckoned from its settings alone. */

export type Forecast =
  /** However long it goes on. */
  | { kind: 'never'; because: string }
  /** It may, but more likely not within the time that there is. */
  | { kind: 'unlikely'; because: string; afterMs: number }
  /** On the average, or at the latest where the mechanism is regular. */
  | { kind: 'expected'; afterMs: number; requests: number; because: string };

/** The most hopeful of several, the soonest of equals; nothing to hope for is `never`, for all their reasons. */
export function best(forecasts: readonly Forecast[]): Forecast {
  const rank = { expected: 0, unlikely: 1, never: 2 } as const;
  const sorted = [...forecasts].sort((a, b) => rank[a.kind] - rank[b.kind] || timeOf(a) - timeOf(b));
  const [first] = sorted;
  if (first === undefined) return { kind: 'never', because: 'nothing of its settings could do it' };
  return first.kind === 'never' ? { kind: 'never', because: [...new Set(sorted.map(({ because }) => because))].join('; ') } : first;
}

function timeOf(forecast: Forecast): number {
  return forecast.kind === 'never' ? Number.POSITIVE_INFINITY : forecast.afterMs;
}

/**
 * Requests until the first run of `length` failures, on the average, when each fails with probability `share`: (p⁻ⁿ − 1) / (1 − p).
 * Infinity at 0. (Feller, An Introduction to Probability Theory, volume 1, XIII.7.)
 */
export function requestsUntilRun(length: number, share: number): number {
  if (share <= 0) return Number.POSITIVE_INFINITY;
  return share >= 1 ? length : (share ** -length - 1) / (1 - share);
}
