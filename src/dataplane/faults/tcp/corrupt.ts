/** Bits that flip on the way, framing included: what a message does then, nobody knows. For bodies only there is `corruptBody`. */
import { z } from 'zod';
import { percentage, size } from '../../../core/units.js';
import { bitFlipper } from '../bit-flips.js';
import { defineTcpFault } from '../fault.js';

export const corrupt = defineTcpFault({
  name: 'corrupt',
  summary: 'Flip one bit in a share of the bytes, chosen by the seed; `afterBytes` pass unharmed first.',
  schema: z.strictObject({
    rate: percentage()
      .refine((percent) => percent > 0, 'expected more than 0')
      .meta({ description: 'share of the bytes that are hit, like 0.01%' }),
    afterBytes: size().default(0).meta({ description: 'bytes of the stream that are left alone first, like 1KB' }),
  }),
  example: { rate: '0.01%', afterBytes: '1KB' },
  defaultDirection: 'down',
  alters: true,
  forRequests: 'corruptBody',
  actsAtOnce: false,
  open: ({ rate: percent, afterBytes }, { random, memory }) => {
    const flip = bitFlipper({ percent, afterBytes: Math.max(0, afterBytes - (memory['passedBytes'] ?? 0)) }, random);
    return (signal, effects) => {
      if (signal.kind !== 'data') {
        effects.pass();
        return;
      }
      memory['passedBytes'] = (memory['passedBytes'] ?? 0) + signal.bytes.length;
      effects.passBytes(flip(signal.bytes));
    };
  },
});
