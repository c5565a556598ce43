/**
 * A request that arrives more than once, as after a retry that nobody needed. The copies go to the callee on connections of their own and are
 * answered to nobody; with a `delay` they are a replay. They are copies of what the callee got, so of the request as other faults have changed it.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineHttpFault } from '../fault.js';

const COPIES_MAX = 10;

export const duplicate = defineHttpFault({
  name: 'duplicate',
  summary: 'Forward requests more than once and answer them once; the answers to the copies are dropped.',
  schema: z.strictObject({
    copies: z
      .int()
      .min(1)
      .max(COPIES_MAX)
      .default(1)
      .meta({ description: `how many more times the callee gets it, 1…${COPIES_MAX}` }),
    delay: duration().default(0).meta({ description: 'how long after the first the copies are sent, like 5s' }),
  }),
  example: { copies: 1, delay: '500ms' },
  defaultDirection: 'up',
  phases: ['up'],
  // Behind everything that may change the request or answer it in the callee's place.
  order: 70,
  decide: ({ copies, delay: delayMs }) => ({ kind: 'duplicate', copies, delayMs }),
});
