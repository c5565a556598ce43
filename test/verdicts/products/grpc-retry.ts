/** gRPC's retryPolicy: each wait twice the one before, a fifth more or less. */
import { type RetryProduct, simulatedRetries } from '../simulated/retry-cycles.js';

export const GRPC_RETRY: RetryProduct = {
  name: 'gRPC retryPolicy',
  summary: '4 attempts, 100 ms doubling up to 1 s, ± 20 %',
  attemptsMax: 4,
  waitMs: (n, draw) => Math.min(1_000, 100 * 2 ** (n - 2)) * (0.8 + 0.4 * draw()),
  waitMsMin: 80,
  firstWaitMedianMs: 100,
  law: 'exponential',
  jitter: 'jitter of a fifth either way',
};

export const grpcRetry = simulatedRetries(GRPC_RETRY);
