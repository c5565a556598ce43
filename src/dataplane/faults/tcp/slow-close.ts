/** A peer that takes its time to hang up. Data passes untouched; only the end waits. */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';

export const slowClose = defineTcpFault({
  name: 'slowClose',
  summary: 'Tell the end of the stream `delay` later than it came.',
  schema: z.strictObject({ delay: duration().meta({ description: 'how long the end is held, like 2s' }) }),
  example: { delay: '2s' },
  defaultDirection: 'down',
  alters: false,
  actsAtOnce: false,
  open:
    ({ delay: delayMs }) =>
    (signal, effects) =>
      effects.pass(signal.kind === 'end' ? delayMs : 0),
});
