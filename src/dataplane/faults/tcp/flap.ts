/**
 * A link that comes and goes. It goes first, at the moment the fault is added, and at the same times for all connections; while it is gone, all is
 * held, and when it is back, all goes on in order.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';

export const flap = defineTcpFault({
  name: 'flap',
  summary: 'Hold everything for `down`, let everything pass for `up`, and so on in turn, for all connections at the same times.',
  schema: z.strictObject({
    up: duration({ minMs: 1 }).meta({ description: 'how long the link is there, like 5s' }),
    down: duration({ minMs: 1 }).meta({ description: 'how long it is gone, like 1s' }),
  }),
  example: { up: '5s', down: '1s' },
  defaultDirection: 'both',
  alters: false,
  actsAtOnce: false,
  open:
    ({ up: upMs, down: downMs }, { sinceMs }) =>
    (_signal, effects) => {
      const phaseMs = (effects.nowMs - sinceMs) % (upMs + downMs);
      effects.pass(Math.max(0, downMs - phaseMs));
    },
});
