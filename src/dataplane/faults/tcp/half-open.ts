/**
 * The peer's machine has gone and nobody was told: what is sent is lost, and no end is ever heard. When the fault goes, the machine is back and
 * knows nothing of its connections, so it answers them with a RST. A cut that heals is `blackhole`.
 */
import { z } from 'zod';
import { defineTcpFault } from '../fault.js';

export const halfOpen = defineTcpFault({
  name: 'halfOpen',
  summary: 'Lose all data and every end, and tell nobody; when the fault is removed, the connections are cut with a RST.',
  schema: z.strictObject({}),
  example: {},
  defaultDirection: 'both',
  alters: true,
  actsAtOnce: false,
  actsOnRemoval: true,
  open: () => (signal, effects) => {
    if (signal.kind === 'removed') effects.reset();
    else if (signal.kind === 'open') effects.pass();
  },
});
