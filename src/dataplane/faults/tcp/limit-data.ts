/** A connection that ends in the middle: exactly so many bytes, then an orderly close of both sides. Counted from when the fault joins the connection. */
import { z } from 'zod';
import { size } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';
import { firstBytes } from '../first-bytes.js';

export const limitData = defineTcpFault({
  name: 'limitData',
  summary: 'Let exactly `bytes` through, then close the connection; with 0 the first data closes it.',
  schema: z.strictObject({ bytes: size().meta({ description: 'bytes that pass, like 64KB' }) }),
  example: { bytes: '64KB' },
  defaultDirection: 'down',
  alters: false,
  forRequests: 'truncate',
  actsAtOnce: false,
  // The count survives a change of the limit; one that is below the count already closes on the next data.
  open: ({ bytes: byteCountMax }, { memory }) => firstBytes(byteCountMax, (effects) => effects.close(), memory),
});
