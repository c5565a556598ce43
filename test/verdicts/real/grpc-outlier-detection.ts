/** Outlier detection of @grpc/grpc-js, by failure percentage: what it says is its trace. Its connections stay open, only calls stay away. */
import { grpcEcho } from '../../support/grpc.js';
import { type BalancerRequest, realBalancer } from './ejection-cycles.js';
import { startGrpcClient } from './grpc-client.js';

function serviceConfigOf({ ejects }: BalancerRequest): Readonly<Record<string, unknown>> {
  const duration = (ms: number): { seconds: number; nanos: number } => ({ seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1e6 });
  const failure = { threshold: 50, enforcement_percentage: 100, minimum_hosts: 5, request_volume: 10 };
  return {
    loadBalancingConfig: [
      {
        outlier_detection: {
          interval: duration(1_000),
          base_ejection_time: duration(1_500),
          max_ejection_time: duration(9_000),
          max_ejection_percent: 40,
          ...(ejects && { failure_percentage_ejection: failure }),
          child_policy: [{ round_robin: {} }],
        },
      },
    ],
  };
}

export const grpcOutlierDetection = realBalancer({
  name: 'grpc-js 1.14.7 outlier detection (real)',
  summary: 'more than half failed, looked at every second; out for 1.5 s, 3 s …',
  missing: () => undefined,
  protocol: 'http2',
  callee: grpcEcho,
  failsChecks: true,
  ratePerSecond: 100,
  faultMs: 3_200,
  calmMs: 4_200,
  detectWithinMs: 3_000,
  returnsWithinMs: 4_000,
  tellsReturns: true,
  views: 1,
  fingerprint: { names: ['Envoy or gRPC by rates'], faultMs: 18_000, calmMs: 12_000 },
  start: (request) => {
    const instances = new Map([...request.ports].map(([instance, port]) => [`127.0.0.1:${port}`, instance]));
    return startGrpcClient([...request.ports.values()], {
      serviceConfig: serviceConfigOf(request),
      tracer: 'outlier_detection',
      onSaid: ({ says, of, atMs }) => {
        const instance = instances.get(of);
        if (instance !== undefined && (says === 'in' || says === 'out')) request.on(instance, says, atMs);
      },
    });
  },
});
