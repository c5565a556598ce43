/**
 * Distance. Every signal is held for a while, the opening and the end too, counted from its arrival: a stream is shifted, not slowed. What a
 * slow path costs a connection is counted once a direction.
 */
import { z } from 'zod';
import { correlatedDraws, DISTRIBUTIONS, quantile } from '../../../core/distribution.js';
import { duration, percentage } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';

export const latency = defineTcpFault({
  name: 'latency',
  summary: 'Hold everything for `latency`, give or take `jitter`; the order is kept.',
  schema: z.strictObject({
    latency: duration().meta({ description: 'how long each chunk is held, like 100ms' }),
    jitter: duration().default(0).meta({ description: 'uniform: largest deviation to either side; else: standard deviation' }),
    distribution: z.enum(DISTRIBUTIONS).default('uniform').meta({ description: 'how the delays scatter; `latency` is their mean' }),
    correlation: percentage().default(0).meta({ description: 'how much a delay resembles the one before, 0…100' }),
  }),
  example: { latency: '100ms', jitter: '20ms', distribution: 'normal' },
  // As in Toxiproxy: the callee has done its work by the time that its answer is late.
  defaultDirection: 'down',
  alters: false,
  forRequests: 'delay',
  actsAtOnce: false,
  harm: ({ latency: forMs, jitter }) => (jitter === 0 ? { kind: 'waits', forMs } : undefined),
  isPath: true,
  open: ({ latency: latencyMs, jitter: jitterMs, distribution, correlation }, { random }) => {
    const delays = { name: distribution, centre: latencyMs, spread: jitterMs };
    const draw = correlatedDraws(random, correlation / 100);
    return (_signal, effects) => effects.pass(jitterMs === 0 ? latencyMs : quantile(delays, draw()));
  },
});
