/** resilience4j's Retry as it is shipped: three attempts, half a second apart, without jitter. */
import { simulatedRetries } from '../simulated/retry-cycles.js';

export const resilience4jRetry = simulatedRetries({
  name: 'resilience4j Retry',
  summary: '3 attempts, 500 ms apart',
  attemptsMax: 3,
  waitMs: () => 500,
  waitMsMin: 500,
  firstWaitMedianMs: 500,
  law: 'fixed',
  jitter: 'a fixed wait without jitter',
});
