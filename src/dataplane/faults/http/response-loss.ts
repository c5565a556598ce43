/**
 * The answer gets lost: the callee has done its work, the caller is not told and may do it again. Whoever has no idempotency key pays twice here.
 * What a reader gets wrong: `abort` with `direction: down` gives the caller some answer, this gives it none.
 */
import { z } from 'zod';
import { defineHttpFault } from '../fault.js';

export const responseLoss = defineHttpFault({
  name: 'responseLoss',
  summary: 'Let the callee do its work and lose its answer: the caller waits, or its connection ends.',
  schema: z.strictObject({
    ending: z.enum(['hang', 'close', 'reset']).default('hang').meta({
      description:
        'what the caller sees instead: nothing until it or the callee gives up (hang), the end of its connection (close), or a RST (reset)',
    }),
  }),
  example: { ending: 'hang' },
  defaultDirection: 'down',
  phases: ['down'],
  order: 10,
  harm: ({ ending }) => (ending === 'hang' ? { kind: 'waits', forMs: Number.POSITIVE_INFINITY } : { kind: 'fails' }),
  decide: ({ ending }) => ({ kind: 'lose', ending }),
});
