/** Envoy's retry_policy: anything up to a bound that grows, so that no wait is ever certain. */
import { simulatedRetries } from '../simulated/retry-cycles.js';

export const envoyRetry = simulatedRetries({
  name: 'Envoy retry_policy',
  summary: '3 retries, up to 25 ms, 50 ms, 100 ms, fully jittered',
  attemptsMax: 4,
  waitMs: (n, draw) => Math.min(250, 25 * 2 ** (n - 2)) * draw(),
  waitMsMin: 0,
  firstWaitMedianMs: 12.5,
  law: 'exponential',
  jitter: 'full jitter',
});
