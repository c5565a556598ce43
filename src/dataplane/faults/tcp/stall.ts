/**
 * Toxiproxy's `timeout`: a peer that swallows all and answers nothing. What is swallowed is gone, so the connection is of no use afterwards and
 * is closed when the fault goes. A source that keeps sending is not closed: every chunk starts the clock anew.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';

export const stall = defineTcpFault({
  name: 'stall',
  summary: 'Throw all data away, and close the connection after `timeout` without any; 0 never closes. Removal closes it too.',
  schema: z.strictObject({
    timeout: duration().default(0).meta({ description: 'silence after which the connection is closed, like 5s; 0ms: never' }),
  }),
  example: { timeout: '5s' },
  defaultDirection: 'down',
  alters: true,
  actsAtOnce: true,
  actsOnRemoval: true,
  open: ({ timeout: timeoutMs }) => {
    let isCounting = false;
    return (signal, effects) => {
      if (signal.kind === 'removed' || (signal.kind === 'tick' && isCounting)) {
        effects.close();
        return;
      }
      if (signal.kind !== 'data') effects.pass();
      isCounting = timeoutMs > 0;
      if (isCounting) effects.tickIn(timeoutMs);
    };
  },
});
