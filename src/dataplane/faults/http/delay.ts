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
  }),
  example: { delay: '250ms', jitter: '50ms', distribution: 'lognormal' },
  defaultDirection: 'up',
  order: 20,
  decide: ({ delay: delayMs, jitter: jitterMs, distribution }, { random }) => ({
    kind: 'delay',
    delayMs: jitterMs === 0 ? delayMs : quantile({ name: distribution, centre: delayMs, spread: jitterMs }, random()),
  }),
});
