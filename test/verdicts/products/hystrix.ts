/** Hystrix with its defaults: half of 10 s, looked at every 500 ms, 5 s open, one trial that decides. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const hystrix = simulatedBreaker({
  name: 'Hystrix',
  summary: 'half of the calls of 10 s, 20 at least, looked at every 500 ms; open for 5 s',
  model: {
    trip: { kind: 'timeWindow', windowMs: 10_000, buckets: 20, callsMin: 20, ratio: 0.5, comparison: '>=', counts: 'completed' },
    evaluation: { everyMs: 500 },
    openMs: () => 5_000,
    toHalfOpen: 'nextCall',
    halfOpen: { kind: 'permits', permits: 1, excess: 'reject', closesAfter: 'firstSuccess' },
    staleResults: 'counted',
    countOnClose: 'reset',
  },
  opensWithinMs: 6_500,
  closesWithinMs: 6_500,
  trialsMax: 1,
});
