/** A process that gets less of the processor than it wants: a noisy neighbour, a throttled container. */
import { z } from 'zod';
import { percentage } from '../../../core/units.js';
import { defineProcessFault } from '../process-fault.js';

export const slowCpu = defineProcessFault({
  name: 'slowCpu',
  summary: 'Give the processes a share of one processor: by a quota where the machine has them, else in turns of stopping and going on.',
  schema: z.strictObject({
    share: percentage()
      .refine((percent) => percent >= 1 && percent <= 99, 'expected 1…99; pause stops it altogether')
      .meta({ description: 'per cent of one processor, like 20' }),
    by: z.enum(['either', 'quota', 'turns']).default('either').meta({
      description:
        'quota: as containers are throttled, or the run ends there; turns of 50 ms: also while there is little to do; either: a quota where it can be set',
    }),
  }),
  example: { share: 20 },
  act: ({ share, by }) => ({ kind: 'ration', percent: share, by }),
});
