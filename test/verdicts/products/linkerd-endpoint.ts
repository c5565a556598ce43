/** Linkerd's failure accrual of an only endpoint: seven in a row, a penalty that doubles with jitter, one request in probation. */
import { simulatedBreaker } from '../simulated/breaker-cycles.js';

export const linkerdEndpoint = simulatedBreaker({
  name: 'Linkerd endpoint',
  summary: '7 in a row; out for 1 s, 2 s, 4 s … with half as much jitter',
  model: {
    trip: { kind: 'consecutive', failures: 7 },
    evaluation: 'failure',
    openMs: (opening, draw) => Math.min(8_000, 1_000 * 2 ** opening * (1 + 0.5 * draw())),
    toHalfOpen: 'timer',
    halfOpen: { kind: 'permits', permits: 1, excess: 'reject', closesAfter: 'firstSuccess' },
    staleResults: 'counted',
    countOnClose: 'reset',
  },
  opensWithinMs: 2_000,
  closesWithinMs: 9_500,
  trialsMax: 1,
});
