/** Envoy, success rate: beside its peers, once an interval, of those with enough requests. */
import { simulatedBalancer } from '../simulated/balancer-cycles.js';

export const envoySuccessRate = simulatedBalancer({
  name: 'Envoy success_rate',
  summary: 'below the mean by 1.9 deviations, looked at every 2 s',
  model: {
    pick: 'random',
    signs: { kind: 'successRate', everyMs: 2_000, requestsMin: 20, deviations: 1.9 },
    outMs: (time) => Math.min(6_000, 2_000 * (time + 1)),
    returnsAt: { tickMs: 2_000 },
    returnsBy: 'full',
    outAtOnceMax: 1,
  },
  detectWithinMs: 5_000,
  returnsWithinMs: 9_000,
  shipped: {
    names: ['Envoy or gRPC by rates'],
    model: {
      signs: { kind: 'successRate', everyMs: 10_000, requestsMin: 25, deviations: 1.9 },
      outMs: (time) => 30_000 * (time + 1),
      returnsAt: { tickMs: 10_000 },
      returnsBy: 'full',
      outAtOnceMax: 2,
    },
    faultMs: 340_000,
    ratePerSecond: 30,
  },
});
