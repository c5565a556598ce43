/** nginx itself with `max_fails`: what it says is its error log, which tells when an instance is taken out and never when it is back. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RealProduct } from '../product.js';
import { type BalancerRequest, realBalancer } from './ejection-cycles.js';
import { freePort, missingProgram, startListening } from './program.js';

function configOf({ ports, ejects }: BalancerRequest, { port, workers }: { port: number; workers: number }): string {
  const servers = [...ports.values()].map((at) => `    server 127.0.0.1:${at} max_fails=${ejects ? 3 : 0} fail_timeout=1s;`);
  return `
daemon off;
pid nginx.pid;
error_log stderr warn;
worker_processes ${workers};
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path temp-body;
  proxy_temp_path temp-proxy;
  fastcgi_temp_path temp-fastcgi;
  uwsgi_temp_path temp-uwsgi;
  scgi_temp_path temp-scgi;
  upstream shop {
${servers.join('\n')}
  }
  server {
    listen 127.0.0.1:${port} reuseport;
    location / {
      proxy_pass http://shop;
      proxy_next_upstream error timeout http_503;
    }
  }
}
`;
}

export function nginxUpstream({ name, workers }: { name: string; workers: number }): RealProduct {
  return realBalancer({
    name,
    summary: `max_fails=3 fail_timeout=1s, ${workers} worker${workers > 1 ? 's' : ''}`,
    missing: () => missingProgram('nginx'),
    faultMs: 3_600,
    calmMs: 3_400,
    detectWithinMs: 1_500,
    returnsWithinMs: 3_000,
    tellsReturns: false,
    views: workers,
    // Each worker has its own view, and the two together look like nobody.
    ...(workers === 1 && { fingerprint: { names: ['nginx'], faultMs: 8_000, calmMs: 3_400 } }),
    start: async (request) => {
      const folder = mkdtempSync(join(tmpdir(), 'faultlab-nginx-'));
      const port = await freePort();
      mkdirSync(join(folder, 'conf'));
      const file = join(folder, 'conf', 'nginx.conf');
      writeFileSync(file, configOf(request, { port, workers }));
      const instances = new Map([...request.ports].map(([instance, at]) => [`${at}`, instance]));
      const onLine = (line: string, atMs: number): void => {
        const [, at = ''] = /temporarily disabled.*upstream: "http:\/\/127\.0\.0\.1:(\d+)\//.exec(line) ?? [];
        const instance = instances.get(at);
        if (instance !== undefined) request.on(instance, 'out', atMs);
      };
      const program = await startListening('nginx', { args: ['-p', folder, '-c', file, '-e', 'stderr'], port, onLine });
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
