/** Polly 8 with its defaults, but for a shorter window: a tenth of the calls, ten parts, 5 s open, one trial. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const polly = simulatedBreaker({
  name: 'Polly 8',
  summary: 'a tenth of the calls of 30 s, 100 at least; open for 5 s',
  model: {
    trip: { kind: 'timeWindow', windowMs: 30_000, buckets: 10, callsMin: 100, ratio: 0.1, comparison: '>=', counts: 'completed' },
    evaluation: 'failure',
    openMs: () => 5_000,
    toHalfOpen: 'nextCall',
    halfOpen: { kind: 'permits', permits: 1, excess: 'reject', closesAfter: 'firstSuccess' },
    staleResults: 'counted',
    countOnClose: 'reset',
  },
  opensWithinMs: 4_000,
  closesWithinMs: 6_500,
  trialsMax: 1,
});
