/**
 * An answer in the callee's place. By default the request is answered before the callee sees it; with `direction: down` the callee does its
 * work first and the caller never learns of it, which is the crueller half of the two.
 */
import { z } from 'zod';
import { defineHttpFault } from '../fault.js';

/** Fields that decide where the answer ends: ours to write, so that no plan can make an answer that hangs its reader. */
const FRAMING_FIELDS = new Set(['content-length', 'transfer-encoding', 'connection', 'trailer', 'upgrade']);

const fieldName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected a header name')
  .refine((name) => !FRAMING_FIELDS.has(name.toLowerCase()), 'this header belongs to the framing, which faultlab writes itself');
const fieldValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected a header value without line breaks or control characters');

export const abort = defineHttpFault({
  name: 'abort',
  summary: 'Answer requests in the callee’s place, with a status, headers and a body of your choice.',
  schema: z.strictObject({
    status: z.int().min(200).max(599).default(503).meta({ description: 'status of the answer, 200…599' }),
    headers: z.record(fieldName, fieldValue).default({}).meta({ description: 'headers of the answer, name → value' }),
    body: z.string().max(65_536).default('').meta({ description: 'text of the answer, up to 65536 characters' }),
  }),
  example: { status: 503, headers: { 'retry-after': '1' }, body: 'injected' },
  defaultDirection: 'up',
  order: 10,
  decide: ({ status, headers, body }) => ({ kind: 'reply', status, headers, body }),
});
