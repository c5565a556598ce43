/** Linkerd, consecutive failures: an exponential penalty with jitter; one request in probation. */
import { simulatedBalancer } from '../simulated/balancer-cycles.js';

export const linkerd = simulatedBalancer({
  name: 'Linkerd',
  summary: '7 in a row; out for 1.5 s, 3 s, 6 s with half as much jitter',
  model: {
    pick: 'random',
    signs: { kind: 'consecutive', errors: 7 },
    outMs: (time, draw) => Math.min(6_000, 1_500 * 2 ** time) * (1 + 0.5 * draw()),
    returnsAt: 'time',
    returnsBy: 'trial',
    outAtOnceMax: 5,
  },
  detectWithinMs: 2_500,
  returnsWithinMs: 10_000,
  shipped: {
    names: ['Linkerd'],
    model: {
      signs: { kind: 'consecutive', errors: 7 },
      outMs: (time, draw) => 1_000 * 2 ** time * (1 + 0.5 * draw()),
      returnsAt: 'time',
      returnsBy: 'trial',
      outAtOnceMax: 5,
    },
    faultMs: 26_000,
    ratePerSecond: 150,
  },
});
