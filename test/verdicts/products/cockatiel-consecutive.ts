/** cockatiel 3, ConsecutiveBreaker: lazy, one trial, and callers that are held while it runs rather than turned away. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const cockatielConsecutive = simulatedBreaker({
  name: 'cockatiel consecutive',
  summary: '5 in a row; open for 2 s; holds callers while it tries',
  model: {
    trip: { kind: 'consecutive', failures: 5 },
    evaluation: 'failure',
    openMs: () => 2_000,
    toHalfOpen: 'nextCall',
    halfOpen: { kind: 'permits', permits: 1, excess: 'hold', closesAfter: 'firstSuccess' },
    staleResults: 'ignored',
    countOnClose: 'kept',
  },
  opensWithinMs: 1_500,
  closesWithinMs: 4_500,
  trialsMax: 1,
});
