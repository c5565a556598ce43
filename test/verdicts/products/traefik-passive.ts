/** Traefik, passive health check: failures in a window, which any success clears; back in full after the window. */

import { simulatedBalancer } from '../simulated/balancer-cycles.js';
import { shippedWithOneFailure } from '../simulated/fingerprint-cycles.js';

export const traefikPassive = simulatedBalancer({
  name: 'Traefik passive check',
  summary: '3 failures in 2 s; out for 2 s',
  model: {
    pick: 'roundRobin',
    signs: { kind: 'withinTime', errors: 3, windowMs: 2_000, successClears: true },
    outMs: () => 2_000,
    returnsAt: 'time',
    returnsBy: 'full',
    outAtOnceMax: 5,
  },
  detectWithinMs: 2_500,
  returnsWithinMs: 4_000,
  shipped: shippedWithOneFailure(['Traefik', 'Caddy', 'nginx'], { successClears: true }),
});
