/** Caddy, passive health check: a leaky count that successes do not clear, one slot free at a time. */

import { simulatedBalancer } from '../simulated/balancer-cycles.js';
import { shippedWithOneFailure } from '../simulated/fingerprint-cycles.js';

export const caddyPassive = simulatedBalancer({
  name: 'Caddy passive check',
  summary: '5 failures, each forgotten after 3 s',
  model: {
    pick: 'roundRobin',
    signs: { kind: 'withinTime', errors: 5, windowMs: 3_000, successClears: false },
    outMs: () => 2_800,
    returnsAt: 'time',
    returnsBy: 'full',
    outAtOnceMax: 5,
  },
  detectWithinMs: 2_500,
  returnsWithinMs: 5_000,
  shipped: shippedWithOneFailure(['Caddy', 'Traefik', 'nginx'], { successClears: false }),
});
