/**
 * A success that is none: the caller is told that it is done, and the callee never hears of it. What loses acknowledged writes looks like this from
 * outside, so only a later read can find it out. It comes after delays, because a lie takes as long as the truth. Choose writes by `match`.
 */
import { z } from 'zod';
import { defineHttpFault } from '../fault.js';
import { fieldsSchema } from '../head-fields.js';

export const ackWithoutEffect = defineHttpFault({
  name: 'ackWithoutEffect',
  summary: 'Answer requests with success and forward nothing.',
  schema: z.strictObject({
    status: z.int().min(200).max(299).default(200).meta({ description: 'status of the answer, 200…299' }),
    headers: fieldsSchema.default({}).meta({ description: 'headers of the answer, name → value' }),
    body: z.string().max(65_536).default('').meta({ description: 'text of the answer, up to 65536 characters' }),
  }),
  example: { status: 201, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' },
  defaultDirection: 'up',
  phases: ['up'],
  order: 30,
  decide: ({ status, headers, body }) => ({ kind: 'reply', status, headers, body }),
});
