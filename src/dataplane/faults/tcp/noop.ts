/** Nothing, by name: it shows in lists, counts whom it meets, and holds a place in the order. */
import { z } from 'zod';
import { defineTcpFault } from '../fault.js';

export const noop = defineTcpFault({
  name: 'noop',
  summary: 'Change nothing; count the connections that a real fault would meet.',
  schema: z.strictObject({}),
  example: {},
  defaultDirection: 'down',
  alters: false,
  actsAtOnce: false,
  open: () => (_signal, effects) => effects.pass(),
});
