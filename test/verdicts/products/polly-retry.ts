/** Polly's and cockatiel's decorrelated jitter: differences of a smooth curve at random places. Its spread has no name among those that are told. */
import { simulatedRetries } from '../simulated/retry-cycles.js';

const INITIAL_MS = 128;
const curve = (t: number): number => 2 ** t * Math.tanh(Math.sqrt(4 * t));

export const pollyRetry = simulatedRetries({
  name: 'Polly 8 Retry with jitter',
  summary: '3 retries, decorrelated from 128 ms',
  attemptsMax: 4,
  waitMs: (n, draw) => {
    const [before, now] = [n === 2 ? 0 : curve(n - 3 + draw()), curve(n - 2 + draw())];
    return (Math.max(0, now - before) / 1.4) * INITIAL_MS;
  },
  waitMsMin: 0,
  firstWaitMedianMs: (curve(0.5) / 1.4) * INITIAL_MS,
  law: 'exponential',
});
