/** Bytes that come in bits. A receiver that takes one read for one message finds out here. */
import { z } from 'zod';
import { duration, size } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';
import { inPieces } from '../pieces.js';

export const slicer = defineTcpFault({
  name: 'slicer',
  summary: 'Cut what is sent into pieces of `averageSize`, give or take `sizeVariation`, with a `delay` after each.',
  schema: z.strictObject({
    averageSize: size({ minBytes: 1 }).meta({ description: 'bytes of a piece, like 64B' }),
    sizeVariation: size().default(0).meta({ description: 'largest deviation to either side; a piece has at least one byte' }),
    delay: duration().default(0).meta({ description: 'wait after each piece, like 10us' }),
  }),
  example: { averageSize: '64B', sizeVariation: '32B', delay: '10us' },
  defaultDirection: 'down',
  alters: false,
  forRequests: 'drip',
  actsAtOnce: false,
  open: ({ averageSize: averageBytes, sizeVariation: variationBytes, delay: delayMs }, { random }) => {
    const deviationBytes = Math.min(variationBytes, averageBytes - 1);
    return inPieces({ pieceBytes: () => averageBytes + Math.round(deviationBytes * (2 * random() - 1)), delayMs });
  },
});
