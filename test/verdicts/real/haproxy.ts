/** HAProxy itself, `observe layer7` with `on-error mark-down`: what it says is its log. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BalancerRequest, realBalancer } from './ejection-cycles.js';
import { freePort, missingProgram, startListening } from './program.js';

function configOf({ ports, ejects }: BalancerRequest, port: number): string {
  const watch = ejects ? 'observe layer7 error-limit 5 on-error mark-down' : '';
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
  default-server check inter 400ms rise 3 fall 3 ${watch}
${servers.join('\n')}
`;
}

export const haproxy = realBalancer({
  name: 'HAProxy mark-down (real)',
  summary: 'observe layer7, 5 errors in a row, back after 3 checks 400 ms apart',
  missing: () => missingProgram('haproxy'),
  faultMs: 2_600,
  calmMs: 2_600,
  detectWithinMs: 1_500,
  returnsWithinMs: 2_200,
  tellsReturns: true,
  views: 1,
  start: async (request) => {
    const folder = mkdtempSync(join(tmpdir(), 'faultlab-haproxy-'));
    const port = await freePort();
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, configOf(request, port));
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
