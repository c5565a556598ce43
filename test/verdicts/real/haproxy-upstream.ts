/** HAProxy itself, which watches errors of real requests (`observe layer7`) beside its own checks: what it says is its log. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RealProduct } from '../product.js';
import { type BalancerRequest, type RealBalancerProduct, realBalancer } from './ejection-cycles.js';
import { freePort, missingProgram, startListening } from './program.js';

export interface HaproxyUpstream
  extends Pick<
    RealBalancerProduct,
    'name' | 'summary' | 'failsChecks' | 'faultMs' | 'calmMs' | 'detectWithinMs' | 'returnsWithinMs' | 'fingerprint' | 'preset'
  > {
  /** How servers are checked, in HAProxy's words. */
  checks: string;
  /** What is left out of the one that must be found out. */
  observes: string;
}

function configOf({ checks, observes }: HaproxyUpstream, { ports, ejects }: BalancerRequest, port: number): string {
  const servers = [...ports].map(([instance, at]) => `  server ${instance} 127.0.0.1:${at}`);
  return `global
  log stdout format raw daemon notice
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  retries 0
listen shop
  bind 127.0.0.1:${port}
  log global
  balance roundrobin
  option httpchk GET /health
  default-server check ${checks} ${ejects ? `observe layer7 ${observes}` : ''}
${servers.join('\n')}
`;
}

export function haproxyUpstream(upstream: HaproxyUpstream): RealProduct {
  return realBalancer({
    ...upstream,
    missing: () => missingProgram('haproxy'),
    tellsReturns: true,
    views: 1,
    start: async (request) => {
      const folder = mkdtempSync(join(tmpdir(), 'faultlab-haproxy-'));
      const port = await freePort();
      const file = join(folder, 'haproxy.cfg');
      writeFileSync(file, configOf(upstream, request, port));
      // It says the same on standard error once more, with a prefix.
      const onLine = (line: string, atMs: number): void => {
        const [, instance, state] = /^Server shop\/(\S+) is (UP|DOWN)/.exec(line) ?? [];
        if (instance !== undefined) request.on(instance, state === 'UP' ? 'in' : 'out', atMs);
      };
      const program = await startListening('haproxy', { args: ['-f', file, '-db'], port, onLine });
      return {
        port,
        [Symbol.asyncDispose]: async () => {
          await program[Symbol.asyncDispose]();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  });
}
