/**
 * A body that comes drop by drop: what a slow disk, a starved worker or a slow-body attack looks like. Timeouts that start anew with each byte
 * never fire here, so whoever has no limit on the whole of a request finds out.
 */
import { z } from 'zod';
import { duration, size } from '../../../core/units.js';
import { defineHttpFault } from '../fault.js';
import { inPieces } from '../pieces.js';

export const drip = defineHttpFault({
  name: 'drip',
  summary: 'Let `size` bytes of a body through every `interval`, each time as a write of its own.',
  schema: z.strictObject({
    size: size({ minBytes: 1 }).default(1).meta({ description: 'bytes of each drop, like 1B' }),
    interval: duration({ minMs: 1 }).meta({ description: 'wait after each drop, the last one too, like 100ms; at least 1ms' }),
  }),
  example: { size: '16B', interval: '100ms' },
  defaultDirection: 'down',
  order: 62,
  decide: ({ size: byteCount, interval: delayMs }) => ({
    kind: 'edit',
    body: { kind: 'stream', length: 'same', open: () => inPieces({ pieceBytes: () => byteCount, delayMs }) },
  }),
});
