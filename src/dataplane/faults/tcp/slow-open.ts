/**
 * A callee that is slow to answer the door. With `delay` the proxy has accepted, so the caller believes that it is connected; the callee is dialled
 * later, and what the caller sends meanwhile waits. With `hang` the connect itself gets no answer while the fault hits every caller of a TCP proxy
 * (the kernel drops the SYNs and counts nobody); whoever gets in nevertheless, and everybody with `at: connection`, is accepted and not dialled.
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
      hang: z.literal(true).optional().meta({ description: 'new connections get no further as long as the fault is there' }),
      at: z.enum(['port', 'connection']).optional().meta({
        description:
          'with `hang`; port (default): the connect gets no answer where it hits all callers of a TCP proxy, seen and counted by nobody; connection: accepted, and the callee is not dialled',
      }),
    })
    .refine(({ delay, hang }) => (delay === undefined) !== (hang === undefined), 'expected either `delay` or `hang: true`')
    .refine(
      ({ delay, at }) => delay === undefined || at === undefined,
      '`at` goes with `hang`: a delay begins when the caller is accepted',
    ),
  example: { delay: '3s' },
  defaultDirection: 'up',
  alters: false,
  actsAtOnce: false,
  door: ({ hang, at = 'port' }) => (hang && at === 'port' ? 'mute' : undefined),
  open:
    ({ delay: delayMs = Number.POSITIVE_INFINITY }) =>
    (signal, effects) =>
      effects.pass(signal.kind === 'open' ? delayMs : 0),
});
