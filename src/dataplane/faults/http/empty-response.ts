/**
 * An answer without a byte: the connection ends in order where an answer should begin, as with a process that was stopped. Clients take this on a
 * reused connection for one that had just been idle too long, and many send the request again by themselves. `resetExchange` ends it with a RST.
 */
import { z } from 'zod';
import { defineHttpFault } from '../fault.js';

export const emptyResponse = defineHttpFault({
  name: 'emptyResponse',
  summary: 'End the connection without a byte of an answer: before the callee sees the request (up), or when it has done its work (down).',
  schema: z.strictObject({}),
  example: {},
  defaultDirection: 'up',
  order: 30,
  harm: () => ({ kind: 'fails' }),
  decide: () => ({ kind: 'raw', bytes: Buffer.alloc(0), ending: 'close' }),
});
