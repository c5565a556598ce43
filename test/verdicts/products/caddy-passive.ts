/** Caddy, passive health check: a leaky count that successes do not clear, one slot free at a time. */
import { simulatedBalancer } from '../simulated/balancer-cycles.js';

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
  shipped: {
    // One failure, and then nothing for a time that never changes: so do the others as they are shipped.
    names: ['Caddy', 'Traefik', 'nginx'],
    model: {
      signs: { kind: 'withinTime', errors: 1, windowMs: 10_000, successClears: false },
      outMs: () => 10_000,
      returnsAt: 'time',
      returnsBy: 'full',
      outAtOnceMax: 5,
    },
    faultMs: 50_000,
    errorRatio: 0.001,
  },
});
