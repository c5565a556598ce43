/** Starts nginx from a few lines of configuration, with its files in a folder of ours; both the upstream and a subject are made of it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptsOn } from './address.mjs';
import { whereIs } from './installed.mjs';

/** Time-outs and limits that would end an idle or a busy connection in the middle of a measurement are out of the way. */
export function nginxConfig(servers) {
  return `
daemon off;
pid nginx.pid;
error_log stderr crit;
worker_processes auto;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
  access_log off;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  client_body_temp_path temp-body;
  proxy_temp_path temp-proxy;
  fastcgi_temp_path temp-fastcgi;
  uwsgi_temp_path temp-uwsgi;
  scgi_temp_path temp-scgi;
${servers}
}
`;
}

/** `name` tells its folder from those of other instances. */
export async function startNginx({ processes, folder, name, ports, servers }) {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'nginx.conf'), nginxConfig(servers));
  const args = ['-p', home, '-c', join(home, 'nginx.conf'), '-e', 'stderr'];
  return processes.startSilent(whereIs('nginx'), args, () => acceptsOn(ports));
}
