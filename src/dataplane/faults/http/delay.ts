/**
 * A slow callee, request by request. The head waits, and with it all that follows on the connection, as behind a callee that works on one request
 * at a time; a slow network is `latency`.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineHttpFault } from '../fault.js';

export const delay = defineHttpFault({
  name: 'delay',
  summary: 'Hold requests (up) or responses (down) for `delay`, give or take `jitter` (uniform, never below zero).',
  schema: z.strictObject({
    delay: duration().meta({ description: 'how long each message is held, like 250ms' }),
    jitter: duration().default(0).meta({ description: 'largest deviation to either side, like 50ms' }),
  }),
  example: { delay: '250ms', jitter: '50ms' },
  defaultDirection: 'up',
  order: 20,
  decide: ({ delay: delayMs, jitter: jitterMs }, { random }) => ({
    kind: 'delay',
    delayMs: jitterMs === 0 ? delayMs : Math.max(0, delayMs + jitterMs * (2 * random() - 1)),
  }),
});
