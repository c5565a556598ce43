/** opossum 9: a window of time in ten buckets, of calls issued rather than completed; a timer, one trial, and a window that is kept on closing. */
import { type BreakerProduct, simulatedBreaker } from '../simulated/breaker-cycles.js';

export const OPOSSUM: BreakerProduct = {
  name: 'opossum',
  summary: 'more than half of the calls of 3 s failed; open for 4 s',
  model: {
    trip: { kind: 'timeWindow', windowMs: 3_000, buckets: 10, callsMin: 10, ratio: 0.5, comparison: '>', counts: 'issued' },
    evaluation: 'failure',
    openMs: () => 4_000,
    toHalfOpen: 'timer',
    halfOpen: { kind: 'permits', permits: 1, excess: 'reject', closesAfter: 'firstSuccess' },
    staleResults: 'counted',
    countOnClose: 'kept',
  },
  opensWithinMs: 3_000,
  closesWithinMs: 5_500,
  trialsMax: 1,
};

export const opossum = simulatedBreaker(OPOSSUM);
