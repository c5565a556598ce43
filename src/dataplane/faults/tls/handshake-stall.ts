/**
 * A server that takes the connection and then does not answer the caller's first words: overloaded, or paused. Timeouts for connecting do not see it,
 * because the connection is there. What a reader gets wrong: the time counts from when the connection came, not from the ClientHello.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineTlsFault } from '../fault.js';

export const handshakeStall = defineTlsFault({
  name: 'handshakeStall',
  summary: 'Answer the TLS handshake of new connections `delay` late, or let it `hang` until the fault is removed.',
  schema: z
    .strictObject({
      delay: duration({ minMs: 1 }).optional().meta({ description: 'how long a new connection waits, like 20s; then it goes on' }),
      hang: z.literal(true).optional().meta({ description: 'nothing is answered as long as the fault is there' }),
    })
    .refine(({ delay, hang }) => (delay === undefined) !== (hang === undefined), 'expected either `delay` or `hang: true`'),
  example: { delay: '20s' },
  decide: ({ delay: delayMs = Number.POSITIVE_INFINITY }) => ({ kind: 'hold', delayMs }),
});
