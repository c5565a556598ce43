/** cockatiel 3, CountBreaker: a ring of the last calls, strictly more than its share; back-off by its exponential generator. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const cockatielCount = simulatedBreaker({
  name: 'cockatiel count',
  summary: 'more than half of the last 50 calls; open for 1 s, 2 s, 4 s',
  model: {
    trip: { kind: 'countWindow', size: 50, callsMin: 50, ratio: 0.5, comparison: '>' },
    evaluation: 'failure',
    openMs: (opening) => Math.min(4_000, 1_000 * 2 ** opening),
    toHalfOpen: 'nextCall',
    halfOpen: { kind: 'permits', permits: 1, excess: 'hold', closesAfter: 'firstSuccess' },
    staleResults: 'ignored',
    countOnClose: 'reset',
  },
  opensWithinMs: 1_500,
  closesWithinMs: 5_500,
  trialsMax: 1,
});
