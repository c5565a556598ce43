/** Distance. Every signal is held for the same time, the opening one too, so what a slow path costs a connection is counted once a direction. */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';

export const latency = defineTcpFault({
  name: 'latency',
  summary: 'Hold everything for `latency`, give or take `jitter` (uniform, never below zero); the order is kept.',
  schema: z.strictObject({
    latency: duration().meta({ description: 'how long each chunk is held, like 100ms' }),
    jitter: duration().default(0).meta({ description: 'largest deviation to either side, like 20ms' }),
  }),
  example: { latency: '100ms', jitter: '20ms' },
  // As in Toxiproxy: the callee has done its work by the time that its answer is late.
  defaultDirection: 'down',
  alters: false,
  actsAtOnce: false,
  open:
    ({ latency: latencyMs, jitter: jitterMs }, { random }) =>
    (_signal, effects) =>
      effects.pass(Math.max(0, latencyMs + jitterMs * (2 * random() - 1))),
});
