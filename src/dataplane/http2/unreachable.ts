/** What stands in for the answer of a callee that cannot be reached. */
import { GRPC_CODES, grpcHeaders } from '../grpc.js';
import type { StreamRequest } from './stream-head.js';
import type { Reply } from './stream-host.js';

/** In the words of the caller's protocol. */
export function unreachable(sentence: string, request: StreamRequest | undefined): Reply {
  if (!request?.isGrpc) return { status: 502, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${sentence}\n` };
  return { status: 200, headers: grpcHeaders(GRPC_CODES.UNAVAILABLE, sentence), body: '' };
}
