/** The figure by which it is told that traffic is good again, and what it is held against: a limit of its own, or what it was before any fault. */
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import { ascending, quantile } from '../inference/statistics.js';

/** Answers that make a baseline. */
export const BASELINE_MIN = 20;
const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

export type RecoveryMetric = 'successRate' | keyof typeof QUANTILES;

/** Per cent, or milliseconds. An error is no quick answer: whoever got one waits for ever. There must be a request. */
export function figureOf(metric: RecoveryMetric, requests: ExchangeList): number {
  if (metric === 'successRate') return (100 * requests.filter(isSuccess).length) / requests.length;
  const tookMs = requests.map((e) => (isSuccess(e) ? e.endMs - e.startMs : Number.POSITIVE_INFINITY));
  return quantile(ascending(tookMs), QUANTILES[metric]);
}

/** So many times the figure of the baseline's answers; undefined where these are too few. */
export function limitByBaseline(metric: RecoveryMetric, ratio: number, baseline: ExchangeList): number | undefined {
  const answered = baseline.filter(isSuccess);
  return answered.length < BASELINE_MIN ? undefined : ratio * figureOf(metric, answered);
}
