/** The figure by which it is told that traffic is good again, and what it is held against: a limit of its own, or what it was before any fault. */
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import { quantile } from '../inference/statistics.js';

/** Answers that make a baseline. */
export const BASELINE_MIN = 20;
const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

export type RecoveryMetric = 'successRate' | keyof typeof QUANTILES;

/** Per cent, or milliseconds. There must be a request. */
export function figureOf(metric: RecoveryMetric, requests: ExchangeList): number {
  if (metric === 'successRate') return (100 * requests.filter(isSuccess).length) / requests.length;
  const tookMs = requests.map((e) => e.endMs - e.startMs).sort((a, b) => a - b);
  return quantile(tookMs, QUANTILES[metric]);
}

/** So many times the figure of the baseline's answers; undefined where these are too few. */
export function limitByBaseline(metric: RecoveryMetric, ratio: number, baseline: ExchangeList): number | undefined {
  const answered = baseline.filter(isSuccess);
  return answered.length < BASELINE_MIN ? undefined : ratio * figureOf(metric, answered);
}
