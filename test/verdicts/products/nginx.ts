/** nginx: errors add up while they come one within fail_timeout of the other; one request is the trial. */
import { simulatedBalancer } from '../simulated/balancer-cycles.js';

export const nginx = simulatedBalancer({
  name: 'nginx',
  summary: 'max_fails=3 fail_timeout=2s',
  model: {
    pick: 'roundRobin',
    signs: { kind: 'gap', errors: 3, gapMs: 2_000 },
    outMs: (_time, draw) => 2_000 + 1_000 * draw(),
    returnsAt: 'time',
    returnsBy: 'trial',
    outAtOnceMax: 5,
  },
  detectWithinMs: 2_000,
  returnsWithinMs: 4_500,
  shipped: {
    names: ['nginx'],
    model: {
      signs: { kind: 'gap', errors: 3, gapMs: 10_000 },
      outMs: (_time, draw) => 10_000 + 1_000 * draw(),
      returnsAt: 'time',
      returnsBy: 'trial',
      outAtOnceMax: 5,
    },
    faultMs: 50_000,
  },
});
