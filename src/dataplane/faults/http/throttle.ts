/**
 * Bodies through a narrow place; heads are not held up. Unlike `bandwidth` it can choose single requests, and what it slows down is only the body of
 * the messages that it has chosen, though all that follows on their connection waits behind them.
 */
import { z } from 'zod';
import { throughput } from '../../../core/units.js';
import { defineHttpFault } from '../fault.js';
import { createPlace, narrowPlace } from '../narrow-place.js';

export const throttle = defineHttpFault({
  name: 'throttle',
  summary: 'Let no more than `rate` of a body through, for each message or for all together; 0 lets nothing through.',
  schema: z.strictObject({
    rate: throughput().meta({ description: 'bytes of body per second, like 64KB/s; with 0B/s a body waits until the fault ends' }),
    share: z
      .enum(['message', 'proxy'])
      .default('message')
      .meta({ description: 'message: each has the rate to itself; proxy: all messages of the proxy take turns, each direction by itself' }),
  }),
  example: { rate: '64KB/s', share: 'message' },
  defaultDirection: 'down',
  order: 60,
  decide: ({ rate: bytesPerSecond, share }, context) => {
    const places = share === 'proxy' ? context.shared(() => ({ up: createPlace(), down: createPlace() })) : undefined;
    const place = places?.[context.response === undefined ? 'up' : 'down'];
    return { kind: 'edit', body: { kind: 'stream', length: 'same', open: () => narrowPlace({ bytesPerSecond, place }) } };
  },
});
