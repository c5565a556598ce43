/**
 * The end of a connection announced, as a server does that restarts or feels abused: streams that are open end in peace, new ones are to come elsewhere.
 * What a reader gets wrong: with a `lastStream` before this request the caller may repeat it, for it was told that nobody has heard it.
 */
import { z } from 'zod';
import { defineHttpFault } from '../fault.js';
import { http2Code } from '../http2-code.js';

export const goaway = defineHttpFault({
  name: 'goaway',
  summary: 'Answer a request with a GOAWAY: its connection takes no further one.',
  schema: z.strictObject({
    code: http2Code.default(0).meta({ description: 'error code of HTTP/2 or its name, like ENHANCE_YOUR_CALM; NO_ERROR if omitted' }),
    lastStream: z.enum(['this', 'before', 'none']).default('this').meta({
      description: 'the last stream that is said to be heard: that of this request, which goes on; the one before it; or none at all',
    }),
    debugData: z.string().max(256).default('').meta({ description: 'text that goes with it, like too_many_pings' }),
  }),
  example: { code: 'ENHANCE_YOUR_CALM', debugData: 'too_many_pings' },
  defaultDirection: 'up',
  phases: ['up'],
  only: 'http2',
  order: 10,
  decide: ({ code, lastStream, debugData }) => ({ kind: 'goaway', code, lastStream, debugData }),
});
