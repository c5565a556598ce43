/** gRPC (A50), failure percentage: strictly more, in whole ticks, at least one may be out. */
import { simulatedBalancer } from '../simulated/balancer-cycles.js';

export const grpcFailurePercentage = simulatedBalancer({
  name: 'gRPC failure_percentage',
  summary: 'more than 50 % of 20, looked at every 2 s',
  model: {
    pick: 'roundRobin',
    signs: { kind: 'failurePercentage', everyMs: 2_000, requestsMin: 20, percentage: 50, comparison: '>' },
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
      signs: { kind: 'failurePercentage', everyMs: 10_000, requestsMin: 50, percentage: 85, comparison: '>' },
      outMs: (time) => 30_000 * (time + 1),
      returnsAt: { tickMs: 10_000 },
      returnsBy: 'full',
      outAtOnceMax: 2,
    },
    faultMs: 340_000,
    ratePerSecond: 40,
  },
});
