/** resilience4j, TIME_BASED: partial sums of a second each, slow or failed; three trials together. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const resilience4jTime = simulatedBreaker({
  name: 'resilience4j time',
  summary: 'half of the calls of 5 s; open for 4 s; 3 trials',
  model: {
    trip: { kind: 'timeWindow', windowMs: 5_000, buckets: 5, callsMin: 20, ratio: 0.5, comparison: '>=', counts: 'completed' },
    evaluation: 'completion',
    openMs: () => 4_000,
    toHalfOpen: 'nextCall',
    halfOpen: { kind: 'permits', permits: 3, excess: 'reject', closesAfter: 'allResults' },
    reopenRatio: 0.5,
    staleResults: 'counted',
    countOnClose: 'reset',
  },
  opensWithinMs: 3_500,
  closesWithinMs: 6_000,
  trialsMax: 3,
});
