/** HAProxy, observe layer7 with on-error mark-down: health checks that pass bring it back, gray or not. */

import { simulatedBalancer } from '../simulated/balancer-cycles.js';
import type { Shipped } from '../simulated/fingerprint-cycles.js';

const MODEL: Shipped['model'] = {
  signs: { kind: 'consecutive', errors: 10 },
  outMs: () => 2_000,
  returnsAt: { tickMs: 2_000 },
  returnsBy: 'full',
  outAtOnceMax: 5,
};

export const haproxyMarkDown = simulatedBalancer({
  name: 'HAProxy mark-down',
  summary: '10 in a row; back at the second check, 2 s apart',
  model: { pick: 'roundRobin', ...MODEL },
  detectWithinMs: 3_000,
  returnsWithinMs: 5_000,
  shipped: {
    names: ['HAProxy'],
    model: MODEL,
    faultMs: 25_000,
    ratePerSecond: 150,
  },
});
