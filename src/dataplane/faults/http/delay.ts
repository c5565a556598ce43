/**
 * A slow callee, request by request. The head waits, and with it all that follows on the connection, as behind a callee that works on one request
 * at a time; a slow network is `latency`.
 */
import { z } from 'zod';
import { DISTRIBUTIONS, quantile } from '../../../core/distribution.js';
import { duration } from '../../../core/units.js';
import { defineHttpFault } from '../fault.js';

export const delay = defineHttpFault({
  name: 'delay',
  summary: 'Hold requests (up) or responses (down) for `delay`, give or take `jitter`.',
  schema: z.strictObject({
    delay: duration().meta({ description: 'how long each message is held, like 250ms' }),
    jitter: duration().default(0).meta({ description: 'uniform: largest deviation to either side; else: standard deviation' }),
    distribution: z.enum(DISTRIBUTIONS).default('uniform').meta({ description: 'how the delays scatter; `delay` is their mean' }),
    max: duration().optional().meta({ description: 'no message is held longer, like 5s; for distributions with long tails' }),
  }),
  example: { delay: '250ms', jitter: '50ms', distribution: 'lognormal' },
  defaultDirection: 'up',
  order: 20,
  harm: ({ delay: forMs, jitter }) => (jitter === 0 ? { kind: 'waits', forMs } : undefined),
  decide: ({ delay: centre, jitter: spread, distribution: name, max: delayMsMax = Number.POSITIVE_INFINITY }, { random }) => {
    const delayMs = spread === 0 ? centre : quantile({ name, centre, spread }, random());
    return { kind: 'delay', delayMs: Math.min(delayMs, delayMsMax) };
  },
});
