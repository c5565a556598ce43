/** A process that stands still: a long garbage collection, a stopped virtual machine. Its sockets still accept, and its clock has jumped when it goes on. */
import { z } from 'zod';
import { defineProcessFault } from '../process-fault.js';

export const pause = defineProcessFault({
  name: 'pause',
  summary: 'Stop the processes (SIGSTOP) and let them go on when the fault ends: connections are accepted, and nobody answers.',
  schema: z.strictObject({}),
  example: {},
  act: () => ({ kind: 'hold' }),
  harm: () => ({ kind: 'waits', forMs: Number.POSITIVE_INFINITY }),
});
