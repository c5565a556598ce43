/** opossum itself: what it says is its events `open`, `halfOpen` and `close`. */
import CircuitBreaker from 'opossum';
import { realBreaker } from './breaker-cycles.js';

export const opossum = realBreaker({
  name: 'opossum 9.0.0 (real)',
  summary: 'more than half of the calls of 600 ms failed; open for 250 ms',
  start: ({ call, on }) => {
    const breaker = new CircuitBreaker(call, {
      timeout: false,
      errorThresholdPercentage: 50,
      rollingCountTimeout: 600,
      rollingCountBuckets: 6,
      volumeThreshold: 10,
      resetTimeout: 250,
    });
    breaker.on('open', () => on('open'));
    breaker.on('halfOpen', () => on('halfOpen'));
    breaker.on('close', () => on('closed'));
    return { fire: (token) => breaker.fire(token), close: () => breaker.shutdown() };
  },
});
