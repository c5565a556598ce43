/** Nothing stops the run early. Written out, because a run that nobody can stop is too often one that nobody thought about. */
import { z } from 'zod';
import { defineStopCondition } from './stop-condition.js';

export const none = defineStopCondition({
  name: 'none',
  summary: 'Says that nothing but an operator or a halt is to stop the run early; stands alone.',
  schema: z.literal('none'),
  example: 'none',
  words: () => 'none: only an operator or a halt stops it early',
  trips: () => undefined,
});
