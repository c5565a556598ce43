/** @grpc/grpc-js in a process of its own, with a service config: what it says is its trace. */
import { join } from 'node:path';
import { type CallerProgram, PROGRAMS, type Said, startCaller } from './caller-program.js';

export function startGrpcClient(
  ports: readonly number[],
  {
    serviceConfig,
    tracer,
    onSaid,
  }: { serviceConfig: Readonly<Record<string, unknown>>; tracer: 'outlier_detection' | 'retrying_call'; onSaid: (said: Said) => void },
): Promise<CallerProgram> {
  const targets = ports.map((port) => `127.0.0.1:${port}`).join(',');
  const script = join(PROGRAMS, 'grpc-client.mjs');
  return startCaller({
    command: process.execPath,
    argsOf: (port) => [script, `${port}`, targets, JSON.stringify(serviceConfig), tracer],
    onSaid,
  });
}
