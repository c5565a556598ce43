/** Finagle, failure accrual: the first time out is exact, later ones have equal jitter; one request is the trial. */
import { simulatedBalancer } from '../simulated/balancer-cycles.js';

export const finagle = simulatedBalancer({
  name: 'Finagle',
  summary: '5 in a row; out for 1 s and then equal jitter of 1 s, 2 s, 4 s',
  model: {
    pick: 'random',
    signs: { kind: 'consecutive', errors: 5 },
    outMs: (time, draw) => (time === 0 ? 1_500 : Math.min(4, 2 ** (time - 1)) * 1_000 * (1 + draw())),
    returnsAt: 'time',
    returnsBy: 'trial',
    outAtOnceMax: 5,
  },
  detectWithinMs: 2_000,
  returnsWithinMs: 9_000,
  shipped: {
    names: ['Finagle'],
    model: {
      signs: { kind: 'consecutive', errors: 5 },
      outMs: (time, draw) => (time === 0 ? 5_000 : 2_500 * 2 ** time * (1 + draw())),
      returnsAt: 'time',
      returnsBy: 'trial',
      outAtOnceMax: 5,
    },
    faultMs: 90_000,
  },
});
