/**
 * Suspicion as phi: −log10 of the probability that the next heartbeat is still to come, by three models of how heartbeats come. At phi 1 one such
 * silence in ten means nothing, at 8 one in a hundred million, as far as the model holds.
 */
import { negativeLog10NormalTail } from './normal-tail.js';

/** When heartbeats come: the mean and standard deviation of the time between two. */
export interface Rhythm {
  meanMs: number;
  deviationMs: number;
}

/** Hayashibara et al., "The φ accrual failure detector" (2004): normally distributed intervals. */
export function phiNormal(silentMs: number, { meanMs, deviationMs }: Rhythm): number {
  return negativeLog10NormalTail((silentMs - meanMs) / deviationMs);
}

/** Akka's logistic approximation of the same (`PhiAccrualFailureDetector`). Infinity from 22 deviations or so on, where its exponential is 0. */
export function phiLogistic(silentMs: number, { meanMs, deviationMs }: Rhythm): number {
  const y = (silentMs - meanMs) / deviationMs;
  const e = Math.exp(-y * (1.5976 + 0.070566 * y * y));
  return silentMs > meanMs ? -Math.log10(e / (1 + e)) : -Math.log10(1 - 1 / (1 + e));
}

/** Cassandra's exponentially distributed intervals: −log10 exp(−silence ÷ mean). */
export function phiExponential(silentMs: number, meanMs: number): number {
  return silentMs / meanMs / Math.LN10;
}
