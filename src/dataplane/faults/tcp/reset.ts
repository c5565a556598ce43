/**
 * A cut that both ends are told of. The time counts from the connection's start (or from when the fault is added to one that exists), from the
 * first data, or from so many bytes. In the latter two cases what comes during that time is held, and goes on if the fault is removed before.
 */
import { z } from 'zod';
import { duration, size } from '../../../core/units.js';
import { defineTcpFault, type TcpEffects } from '../fault.js';

export const reset = defineTcpFault({
  name: 'reset',
  summary: 'Cut connections on both sides with a RST: at once, `after` a while, on the first data, or after so many bytes.',
  schema: z.strictObject({
    after: duration().default(0).meta({ description: 'time between the trigger and the cut, like 2s' }),
    afterBytes: size().optional().meta({ description: 'bytes that still pass, in each direction of the fault; they are the trigger then' }),
    trigger: z
      .enum(['open', 'data'])
      .default('open')
      .meta({ description: 'open: the connection, or the fault on one that exists; data: the first data or end that comes' }),
  }),
  example: { after: '2s' },
  defaultDirection: 'both',
  alters: false,
  forRequests: 'resetExchange',
  actsAtOnce: true,
  open: ({ after: afterMs, afterBytes, trigger }, { memory }) => {
    const waitsForData = trigger === 'data' || afterBytes !== undefined;
    let state: 'waiting' | 'counting' = 'waiting';

    const count = (effects: TcpEffects): void => {
      state = 'counting';
      if (afterMs === 0) effects.reset();
      else effects.tickIn(afterMs);
    };
    const passUpTo = (bytes: Buffer, effects: TcpEffects): void => {
      const { passedBytes = 0 } = memory;
      const leftBytes = Math.max(0, (afterBytes ?? 0) - passedBytes);
      const first = bytes.subarray(0, leftBytes);
      memory['passedBytes'] = passedBytes + first.length;
      if (first.length > 0) effects.passBytes(first);
      if (first.length < bytes.length) effects.passBytes(bytes.subarray(first.length), Number.POSITIVE_INFINITY);
      if (first.length === leftBytes) count(effects);
    };

    return (signal, effects) => {
      if (state === 'counting') {
        if (signal.kind === 'tick') effects.reset();
        else effects.pass(waitsForData ? Number.POSITIVE_INFINITY : 0);
      } else if (!waitsForData) {
        count(effects);
        effects.pass();
      } else if (signal.kind === 'data') {
        passUpTo(signal.bytes, effects);
      } else if (signal.kind === 'end' && afterBytes === undefined) {
        effects.pass(Number.POSITIVE_INFINITY);
        count(effects);
      } else effects.pass();
    };
  },
});
