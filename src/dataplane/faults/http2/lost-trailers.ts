/**
 * Trailers that never arrive, as behind a proxy that knows only bodies: all data comes, the stream ends in order, and what stood behind it is missing.
 * For a gRPC call that is its status. An answer of nothing but a head has no trailers and passes.
 */
import { z } from 'zod';
import { defineHttpFault } from '../fault.js';

export const lostTrailers = defineHttpFault({
  name: 'lostTrailers',
  summary: 'Drop what stands behind a body: the trailers, and with them the status of a gRPC call.',
  schema: z.strictObject({}),
  example: {},
  defaultDirection: 'down',
  only: 'http2',
  order: 45,
  decide: () => ({ kind: 'edit', trailers: 'drop' }),
});
