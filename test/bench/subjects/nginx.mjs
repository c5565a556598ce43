/** nginx as a reverse proxy. It buffers answers in memory only: by default it would also write large ones to disk. */
import { addressOf, freePorts } from '../address.mjs';
import { programVersion, whereIs } from '../installed.mjs';
import { startNginx } from '../nginx.mjs';

const IDLE_UPSTREAM_CONNECTIONS = 64;

export const nginx = {
  name: 'nginx',
  role: 'peer',
  summary: 'nginx with proxy_pass and kept-alive upstream connections, a worker per core',
  missing: () => (whereIs('nginx') === undefined ? 'nginx is not installed: apt-get install nginx' : undefined),
  version: () => programVersion(whereIs('nginx'), ['-v']),
  async start({ processes, upstreams, folder, label }) {
    const routes = Object.keys(upstreams);
    const ports = await freePorts(routes.length);
    const servers = routes.map((route, i) => serverOf({ route, port: ports[i], upstream: upstreams[route] })).join('');
    const started = await startNginx({ processes, folder, name: label, ports, servers });
    const listening = routes.map((route, i) => [route, addressOf(ports[i])]);
    return { routes: Object.fromEntries(listening), pids: [started.pid], end: () => started.end() };
  },
};

function serverOf({ route, port, upstream }) {
  return `
  upstream ${route} {
    server ${upstream};
    keepalive ${IDLE_UPSTREAM_CONNECTIONS};
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://${route};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_max_temp_file_size 0;
    }
  }`;
}
