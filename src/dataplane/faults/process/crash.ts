/** A process that is gone from one moment to the next, with everything it held in memory and all its connections. */
import { z } from 'zod';
import { defineProcessFault } from '../process-fault.js';

export const crash = defineProcessFault({
  name: 'crash',
  summary: 'Kill the processes (SIGKILL), and start them again when the fault ends.',
  schema: z.strictObject({
    restart: z.boolean().default(true).meta({ description: 'false: they stay away until the run is over (crash-stop)' }),
  }),
  example: { restart: true },
  act: ({ restart }) => ({ kind: 'kill', startsAgain: restart }),
  harm: () => ({ kind: 'fails' }),
});
