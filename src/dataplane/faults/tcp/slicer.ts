/**
 * Bytes that come in bits: each piece is a write of its own, and `delay` passes after each, the last one too. A receiver that takes one read
 * for one message finds out here. Pieces that have to wait for a slow receiver may be joined again, as on any wire.
 */
import { z } from 'zod';
import { duration, size } from '../../../core/units.js';
import { defineTcpFault, type TcpEffects } from '../fault.js';

/** Pieces sent in one turn of the event loop, so that slicing a large read finely does not stop everybody else. */
const PIECES_PER_TURN = 64;

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
    const pieceBytes = (): number => averageBytes + Math.round(deviationBytes * (2 * random() - 1));
    let isWaiting = false;

    const send = (effects: TcpEffects): void => {
      for (let i = 0; i < PIECES_PER_TURN && effects.heldBytes > 0; i++) {
        effects.release(pieceBytes());
        if (delayMs > 0) break;
      }
      isWaiting = delayMs > 0 || effects.heldBytes > 0;
      if (isWaiting) effects.tickIn(delayMs);
    };

    return (signal, effects) => {
      if (signal.kind === 'tick') {
        isWaiting = false;
        // An end that has waited for the last delay has no bytes.
        if (effects.heldBytes === 0) effects.release(0);
      } else effects.pass(isWaiting || signal.kind === 'data' ? Number.POSITIVE_INFINITY : 0);
      if (!isWaiting && effects.heldBytes > 0) send(effects);
    };
  },
});
