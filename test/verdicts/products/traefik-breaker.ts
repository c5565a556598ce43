/** Traefik's breaker (oxy): no trials but a ramp, from nothing to half of the requests, and then all of them. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const traefikBreaker = simulatedBreaker({
  name: 'Traefik breaker',
  summary: 'NetworkErrorRatio() > 0.3, looked at every 100 ms; tripped for 3 s; recovers for 3 s',
  model: {
    trip: { kind: 'timeWindow', windowMs: 10_000, buckets: 10, callsMin: 10, ratio: 0.3, comparison: '>', counts: 'completed' },
    evaluation: { everyMs: 100 },
    openMs: () => 3_000,
    toHalfOpen: 'nextCall',
    halfOpen: { kind: 'ramp', rampMs: 3_000, shareMax: 0.5 },
    staleResults: 'counted',
    countOnClose: 'reset',
  },
  opensWithinMs: 4_500,
  closesWithinMs: 8_000,
});
