/**
 * Nobody is there for newcomers; connections that exist live on, and the callee sees nothing. While it hits every caller of a TCP proxy, the port is
 * shut: ECONNREFUSED, told by the kernel, which counts nobody, so the fault shows no matches. Whoever gets in nevertheless, and everybody if
 * `at: connection` says so, is accepted and cut with a RST, and counted: callers of HTTP proxies and Unix-domain sockets, and where it hits only some.
 */
import { z } from 'zod';
import { defineTcpFault } from '../fault.js';

export const refuse = defineTcpFault({
  name: 'refuse',
  summary: 'Refuse new connections: nobody listens while it hits every caller, else a RST before the callee is dialled.',
  schema: z.strictObject({
    at: z.enum(['port', 'connection']).default('port').meta({
      description:
        'port: ECONNREFUSED where it hits all callers of a TCP proxy, seen and counted by nobody; connection: accepted, then a RST',
    }),
  }),
  example: { at: 'port' },
  defaultDirection: 'up',
  alters: false,
  actsAtOnce: true,
  door: ({ at }) => (at === 'port' ? 'shut' : undefined),
  open:
    (_params, { isNew }) =>
    (signal, effects) => {
      // On the way down no opening comes: there the tick stands for it.
      if (isNew && (signal.kind === 'open' || signal.kind === 'tick')) effects.reset();
      else effects.pass();
    },
});
