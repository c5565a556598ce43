/** A process that is gone from one moment to the next, with everything it held in memory and all its connections, and perhaps with its disk. */
import { z } from 'zod';
import { defineProcessFault } from '../process-fault.js';

/** What whoever starts again finds. */
const FOUND = { same: 'same', stale: 'copy', empty: 'nothing' } as const;

export const crash = defineProcessFault({
  name: 'crash',
  summary: 'Kill the processes (SIGKILL), and start them again when the fault ends, with the same, stale or no data.',
  schema: z
    .strictObject({
      restart: z.boolean().default(true).meta({ description: 'false: they stay away until the run is over (crash-stop)' }),
      data: z.enum(['same', 'stale', 'empty']).default('same').meta({
        description: `what they find in \${self.data} when they start again: what they left, the copy of the last snapshot step, or nothing`,
      }),
    })
    .refine(({ restart, data }) => restart || data === 'same', {
      error: 'expected `restart: true`: who stays away finds no data',
      path: ['data'],
    }),
  example: { restart: true },
  act: ({ restart, data }) => ({ kind: 'kill', startsAgain: restart, data: FOUND[data] }),
  harm: () => ({ kind: 'fails' }),
});
