/** A process that gets less of the processor than it wants: a noisy neighbour, a throttled container. Stopped and continued in turns, 50 ms a turn at most. */
import { z } from 'zod';
import { percentage } from '../../../core/units.js';
import { defineProcessFault } from '../process-fault.js';

export const slowCpu = defineProcessFault({
  name: 'slowCpu',
  summary: 'Let the processes run for a share of the time only, in turns of stopping and going on.',
  schema: z.strictObject({
    share: percentage()
      .refine((percent) => percent >= 1 && percent <= 99, 'expected 1…99; pause stops it altogether')
      .meta({ description: 'per cent of the time that they may run, like 20' }),
  }),
  example: { share: 20 },
  act: ({ share }) => ({ kind: 'hold', runPercent: share }),
});
