/** Envoy, consecutive_5xx, with always_eject_one_host: the time out grows by the base, and ends at a sweep. */
import { type BalancerProduct, simulatedBalancer } from '../simulated/balancer-cycles.js';

export const ENVOY_CONSECUTIVE: BalancerProduct = {
  name: 'Envoy consecutive_5xx',
  summary: '5 in a row; out for 1.5 s, 3 s, 4.5 s, and up to the next sweep of 500 ms',
  model: {
    pick: 'roundRobin',
    signs: { kind: 'consecutive', errors: 5 },
    outMs: (time) => Math.min(4_500, 1_500 * (time + 1)),
    returnsAt: { tickMs: 500 },
    returnsBy: 'full',
    outAtOnceMax: 1,
  },
  detectWithinMs: 2_500,
  returnsWithinMs: 6_000,
  shipped: {
    names: ['Envoy by failures in a row'],
    model: {
      signs: { kind: 'consecutive', errors: 5 },
      outMs: (time) => 30_000 * (time + 1),
      returnsAt: { tickMs: 10_000 },
      returnsBy: 'full',
      outAtOnceMax: 2,
    },
    faultMs: 230_000,
    ratePerSecond: 30,
  },
};

export const envoyConsecutive = simulatedBalancer(ENVOY_CONSECUTIVE);
