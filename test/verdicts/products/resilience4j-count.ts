/** resilience4j, COUNT_BASED with its default of 100 calls at 50 %: ten trials together, judged when all have their results. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const resilience4jCount = simulatedBreaker({
  name: 'resilience4j count',
  summary: 'half of the last 100 calls; open for 3 s; 10 trials',
  model: {
    trip: { kind: 'countWindow', size: 100, callsMin: 100, ratio: 0.5, comparison: '>=' },
    evaluation: 'completion',
    openMs: () => 3_000,
    toHalfOpen: 'nextCall',
    halfOpen: { kind: 'permits', permits: 10, excess: 'reject', closesAfter: 'allResults' },
    reopenRatio: 0.5,
    staleResults: 'counted',
    countOnClose: 'reset',
  },
  opensWithinMs: 2_500,
  closesWithinMs: 5_500,
  trialsMax: 10,
});
