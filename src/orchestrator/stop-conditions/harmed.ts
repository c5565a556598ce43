/** Stops when more front-door requests have been harmed than may be: exact, because the load generator sees each of them. */
import { z } from 'zod';
import { defineStopCondition } from './stop-condition.js';

export const harmed = defineStopCondition({
  name: 'harmed',
  summary: 'Stops when more requests of the load than this have failed since the first fault.',
  schema: z.strictObject({
    harmed: z
      .strictObject({ max: z.int().min(0).meta({ description: 'stop when more requests than this have failed' }) })
      .meta({ description: 'how much harm may be done' }),
  }),
  example: { harmed: { max: 2_000 } },
  words: ({ harmed: { max } }) => `more than ${max} failed requests`,
  trips: ({ harmed: { max } }, { harmed: count }) =>
    count > max ? `${count} front-door requests were not answered since the first fault` : undefined,
});
