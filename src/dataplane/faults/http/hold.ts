/**
 * A message that waits for a word of yours: the paused process that wakes up after its lease is gone, the write that arrives after the failover.
 * It goes on when somebody releases the fault (`faultlab fault release`), when the fault ends, or after `limit`, whichever is first; and, as with
 * every wait on a connection, all that follows on its connection waits behind it.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineHttpFault } from '../fault.js';

export const hold = defineHttpFault({
  name: 'hold',
  summary: 'Hold requests (up) or responses (down) until the fault is released or removed, but no longer than `limit`.',
  schema: z.strictObject({
    limit: duration({ minMs: 1 }).optional().meta({ description: 'the longest that a message is held, like 30s; unlimited if omitted' }),
  }),
  example: { limit: '30s' },
  defaultDirection: 'up',
  order: 20,
  isReleasable: true,
  harm: ({ limit: forMs = Number.POSITIVE_INFINITY }) => ({ kind: 'waits', forMs }),
  decide: ({ limit: limitMs = Number.POSITIVE_INFINITY }, context) => ({ kind: 'hold', gate: context.gate(), limitMs }),
});
