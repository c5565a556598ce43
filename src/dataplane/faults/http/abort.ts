/**
 * An answer in the callee's place. By default the request is answered before the callee sees it; with `direction: down` the callee does its
 * work first and the caller never learns of it, which is the crueller half of the two.
 */
import { z } from 'zod';
import { grpcHeaders, grpcStatus, isGrpc } from '../../grpc.js';
import { defineHttpFault } from '../fault.js';
import { fieldsSchema } from '../head-fields.js';

export const abort = defineHttpFault({
  name: 'abort',
  summary: 'Answer requests in the callee’s place, with a status, headers and a body of your choice.',
  schema: z.strictObject({
    status: z.int().min(200).max(599).default(503).meta({ description: 'status of the answer, 200…599' }),
    headers: fieldsSchema.default({}).meta({ description: 'headers of the answer, name → value' }),
    body: z.string().max(65_536).default('').meta({ description: 'text of the answer, up to 65536 characters' }),
    grpcStatus: grpcStatus.optional().meta({
      description: 'for gRPC calls in place of `status`: a code or its name, like UNAVAILABLE, with `body` as its message',
    }),
  }),
  example: { status: 503, headers: { 'retry-after': '1' }, body: 'injected' },
  defaultDirection: 'up',
  order: 10,
  harm: ({ status, grpcStatus }) => (status >= 500 && grpcStatus === undefined ? { kind: 'fails', isUnheard: true } : undefined),
  decide: ({ status, headers, body, grpcStatus }, { request }) => {
    if (grpcStatus === undefined || !isGrpc(request.header('content-type'))) return { kind: 'reply', status, headers, body };
    return { kind: 'reply', status: 200, headers: { ...headers, ...grpcHeaders(grpcStatus, body) }, body: '' };
  },
});
