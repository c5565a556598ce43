/**
 * A callee that is slow to answer the door. The proxy has accepted, so the caller believes that it is connected; the callee is dialled later, or
 * not before the fault is removed, and what the caller sends meanwhile waits.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';

export const slowOpen = defineTcpFault({
  name: 'slowOpen',
  summary: 'Dial the callee `delay` late, or let new connections `hang` until the fault is removed.',
  schema: z
    .strictObject({
      delay: duration().optional().meta({ description: 'how long a new connection waits before the callee is dialled, like 3s' }),
      hang: z.literal(true).optional().meta({ description: 'the callee is not dialled as long as the fault is there' }),
    })
    .refine(({ delay, hang }) => (delay === undefined) !== (hang === undefined), 'expected either `delay` or `hang: true`'),
  example: { delay: '3s' },
  defaultDirection: 'up',
  alters: false,
  actsAtOnce: false,
  open:
    ({ delay: delayMs = Number.POSITIVE_INFINITY }) =>
    (signal, effects) =>
      effects.pass(signal.kind === 'open' ? delayMs : 0),
});
