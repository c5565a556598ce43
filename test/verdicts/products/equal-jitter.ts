/** The equal jitter that AWS describes: half of the bound for certain, the other half by chance. */
import { simulatedRetries } from '../simulated/retry-cycles.js';

export const equalJitter = simulatedRetries({
  name: 'equal jitter',
  summary: '4 attempts, between half and all of 80 ms doubling',
  attemptsMax: 4,
  waitMs: (n, draw) => 40 * 2 ** (n - 2) * (1 + draw()),
  waitMsMin: 40,
  firstWaitMedianMs: 60,
  law: 'exponential',
  jitter: 'equal jitter',
});
