/** sony/gobreaker 2: the sixth failure in a row; several trials that must all succeed; results of an older generation are ignored. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const gobreaker = simulatedBreaker({
  name: 'gobreaker',
  summary: '6 in a row; open for 3 s; 3 trials that all succeed',
  model: {
    trip: { kind: 'consecutive', failures: 6 },
    evaluation: 'failure',
    openMs: () => 3_000,
    toHalfOpen: 'nextCall',
    halfOpen: { kind: 'permits', permits: 3, excess: 'reject', closesAfter: 'allSuccesses' },
    staleResults: 'ignored',
    countOnClose: 'reset',
  },
  opensWithinMs: 1_500,
  closesWithinMs: 4_500,
  trialsMax: 3,
});
