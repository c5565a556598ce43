/**
 * One stream cut, the connection goes on. What a reader gets wrong: the code decides what a client does next; REFUSED_STREAM promises that nothing
 * has happened and is repeated without asking, even where that is untrue, as it is with `direction: down`.
 */
import { z } from 'zod';
import { defineHttpFault } from '../fault.js';
import { http2Code } from '../http2-code.js';

export const rstStream = defineHttpFault({
  name: 'rstStream',
  summary: 'Reset the stream of a request with a code: before it is forwarded (up), or when the callee has done its work (down).',
  schema: z.strictObject({
    code: http2Code.default(2).meta({ description: 'error code of HTTP/2 or its name, like REFUSED_STREAM; INTERNAL_ERROR if omitted' }),
  }),
  example: { code: 'REFUSED_STREAM' },
  defaultDirection: 'up',
  only: 'http2',
  order: 10,
  decide: ({ code }) => ({ kind: 'reset', code }),
});
