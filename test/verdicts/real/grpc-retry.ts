/** The retries of @grpc/grpc-js, by its service config: 40 ms, 80 ms, 160 ms, a fifth more or less. */
import { grpcEcho } from '../../support/grpc.js';
import { startGrpcClient } from './grpc-client.js';
import { realRetries } from './retry-cycles.js';

export const grpcRetry = realRetries({
  name: 'grpc-js 1.14.7 retryPolicy (real)',
  summary: '3 retries after 40 ms, 80 ms, 160 ms, ± 20 %',
  protocol: 'http2',
  callee: grpcEcho,
  fault: { type: 'abort', value: { grpcStatus: 'UNAVAILABLE' }, percentage: 70 },
  nonIdempotent: 'allowed',
  law: 'exponential',
  firstWaitMs: 40,
  connect: (port, { retriesMax, log }) => {
    const retryPolicy = {
      maxAttempts: retriesMax + 1,
      initialBackoff: '0.04s',
      maxBackoff: '2s',
      backoffMultiplier: 2,
      retryableStatusCodes: ['UNAVAILABLE'],
    };
    const serviceConfig = { loadBalancingConfig: [{ round_robin: {} }], methodConfig: [{ name: [{}], retryPolicy }] };
    return startGrpcClient([port], { serviceConfig, tracer: 'retrying_call', onSaid: ({ of }) => log(of) });
  },
});
