/**
 * An answer whose status says the opposite of what happened, with everything else as it was: work that was done and is reported as failed, and a failure
 * that looks like success to all who read only the status. To turn but one of the two, let it look at the other's statuses only (`match: {status}`).
 */
import { z } from 'zod';
import { defineHttpFault } from '../fault.js';
import { bodyStatus } from '../head-fields.js';
import { mayChangeStatus } from '../message-patch.js';

export const statusFlip = defineHttpFault({
  name: 'statusFlip',
  summary: 'Turn the status of successful answers into that of a failure, and of failed ones into that of a success.',
  schema: z.strictObject({
    success: bodyStatus.default(500).meta({ description: 'what a status below 400 becomes' }),
    failure: bodyStatus.default(200).meta({ description: 'what a status from 400 on becomes' }),
  }),
  example: { success: 500, failure: 200 },
  defaultDirection: 'down',
  phases: ['down'],
  order: 40,
  harm: ({ success }) => (success >= 500 ? { kind: 'fails' } : undefined),
  decide: ({ success, failure }, { request, response }) => {
    if (response === undefined || !mayChangeStatus(request.method, response.status)) return { kind: 'continue' };
    return { kind: 'edit', head: { status: response.status < 400 ? success : failure } };
  },
});
