/** A connection that ends in the middle: exactly so many bytes, then an orderly close of both sides. Counted from when the fault joins the connection. */
import { z } from 'zod';
import { size } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';

export const limitData = defineTcpFault({
  name: 'limitData',
  summary: 'Let exactly `bytes` through, then close the connection; with 0 the first data closes it.',
  schema: z.strictObject({ bytes: size().meta({ description: 'bytes that pass, like 64KB' }) }),
  example: { bytes: '64KB' },
  defaultDirection: 'down',
  alters: false,
  actsAtOnce: false,
  open: ({ bytes: byteCountMax }) => {
    let leftBytes = byteCountMax;
    return (signal, effects) => {
      if (signal.kind !== 'data') {
        effects.pass();
        return;
      }
      const passed = signal.bytes.subarray(0, leftBytes);
      leftBytes -= passed.length;
      if (passed.length > 0) effects.passBytes(passed);
      if (leftBytes === 0) effects.close();
    };
  },
});
