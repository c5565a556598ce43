/**
 * A cut that both ends are told of. The time counts from the connection's start, or from the moment the fault is added to one that
 * exists already; bytes flow until then.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';

export const reset = defineTcpFault({
  name: 'reset',
  summary: 'Cut connections on both sides with a RST, at once or `after` a while.',
  schema: z.strictObject({
    after: duration().default(0).meta({ description: 'how long a connection lives under this fault, like 2s' }),
  }),
  example: { after: '2s' },
  defaultDirection: 'both',
  alters: false,
  actsAtOnce: true,
  open: ({ after: afterMs }) => {
    let state: 'fresh' | 'counting' = 'fresh';
    return (signal, effects) => {
      if (state === 'counting') {
        if (signal.kind === 'tick') effects.reset();
        else effects.pass();
        return;
      }
      state = 'counting';
      if (afterMs === 0) {
        effects.reset();
        return;
      }
      effects.tickIn(afterMs);
      effects.pass();
    };
  },
});
