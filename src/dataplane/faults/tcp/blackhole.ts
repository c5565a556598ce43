/**
 * A cut that nobody is told of. Nothing is dropped: all is held, in order, until the fault is removed, as with packets that are sent
 * again until they get through. With `up` cut, a new connection is accepted but its upstream is not dialled.
 */
import { z } from 'zod';
import { defineTcpFault } from '../fault.js';

export const blackhole = defineTcpFault({
  name: 'blackhole',
  summary: 'Let nothing through, and tell nobody, until the fault is removed; then everything held goes on, in order.',
  schema: z.strictObject({}),
  example: {},
  defaultDirection: 'both',
  alters: false,
  actsAtOnce: false,
  harm: () => ({ kind: 'waits', forMs: Number.POSITIVE_INFINITY }),
  open: () => (_signal, effects) => effects.pass(Number.POSITIVE_INFINITY),
});
