/** cockatiel 3, SamplingBreaker: a window of time that moves on by one part a call, however long nobody called. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const cockatielSampling = simulatedBreaker({
  name: 'cockatiel sampling',
  summary: 'more than half of the calls of 2 s, 5 a second at least; open for 3 s',
  model: {
    trip: {
      kind: 'timeWindow',
      windowMs: 2_000,
      buckets: 5,
      callsMin: 10,
      ratio: 0.5,
      comparison: '>',
      counts: 'completed',
      forgets: 'oncePerCall',
    },
    evaluation: 'failure',
    openMs: () => 3_000,
    toHalfOpen: 'nextCall',
    halfOpen: { kind: 'permits', permits: 1, excess: 'hold', closesAfter: 'firstSuccess' },
    staleResults: 'ignored',
    countOnClose: 'reset',
  },
  opensWithinMs: 2_500,
  closesWithinMs: 4_500,
  trialsMax: 1,
});
