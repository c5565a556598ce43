/**
 * Nobody is there for newcomers. The kernel has finished the handshake by the time that a proxy learns of a connection, so the caller sees a RST
 * where it would have seen a refusal; the callee sees nothing. Connections that exist live on.
 */
import { z } from 'zod';
import { defineTcpFault } from '../fault.js';

export const refuse = defineTcpFault({
  name: 'refuse',
  summary: 'Cut new connections with a RST before the callee is dialled; those that exist are left alone.',
  schema: z.strictObject({}),
  example: {},
  defaultDirection: 'up',
  alters: false,
  actsAtOnce: true,
  open:
    (_params, { isNew }) =>
    (signal, effects) => {
      // On the way down no opening comes: there the tick stands for it.
      if (isNew && (signal.kind === 'open' || signal.kind === 'tick')) effects.reset();
      else effects.pass();
    },
});
