/**
 * Bits that flip where no checksum looks. Which bytes are hit depends on the seed, the connection and the place in the stream, not on how the
 * stream is cut into reads.
 */
import { z } from 'zod';
import { percentage, size } from '../../../core/units.js';
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
    /** Bytes until the next one that is hit: geometric, so that the work is done per hit and not per byte. */
    const gapBytes = (): number => (percent >= 100 ? 0 : Math.floor(Math.log1p(-random()) / Math.log1p(-percent / 100)));
    /** Counted from the next byte. */
    let nextAt = Math.max(0, afterBytes - (memory['passedBytes'] ?? 0)) + gapBytes();
    return (signal, effects) => {
      if (signal.kind !== 'data') {
        effects.pass();
        return;
      }
      let { bytes } = signal;
      if (nextAt < bytes.length) bytes = Buffer.from(bytes);
      for (; nextAt < bytes.length; nextAt += 1 + gapBytes()) bytes[nextAt] = (bytes[nextAt] ?? 0) ^ (1 << Math.floor(random() * 8));
      nextAt -= bytes.length;
      memory['passedBytes'] = (memory['passedBytes'] ?? 0) + bytes.length;
      effects.passBytes(bytes);
    };
  },
});
