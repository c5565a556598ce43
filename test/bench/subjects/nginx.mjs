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
  async start({ processes, upstreams, folder, label, certificate }) {
    const listeners = [...Object.keys(upstreams).map((route) => ({ route, upstream: route })), ...tlsListeners(certificate)];
    const ports = await freePorts(listeners.length);
    const servers = [
      ...Object.entries(upstreams).map(([name, address]) => upstreamOf(name, address)),
      ...listeners.map(({ upstream, tls }, i) => serverOf({ port: ports[i], upstream, tls })),
    ].join('');
    const started = await startNginx({ processes, folder, name: label, ports, servers });
    const listening = listeners.map(({ route }, i) => [route, addressOf(ports[i])]);
    return { routes: Object.fromEntries(listening), pids: [started.pid], end: () => started.end() };
  },
};

/** With HTTP/2 it speaks to clients only. */
function tlsListeners(certificate) {
  if (certificate === undefined) return [];
  const files = `ssl_certificate ${certificate.certificate}; ssl_certificate_key ${certificate.key};`;
  return [
    { route: 'tls', upstream: 'hello', tls: { parameters: 'ssl', files } },
    { route: 'h2', upstream: 'hello', tls: { parameters: 'ssl http2', files } },
  ];
}

function upstreamOf(name, address) {
  return `
  upstream ${name} {
    server ${address};
    keepalive ${IDLE_UPSTREAM_CONNECTIONS};
    keepalive_requests 1000000000;
  }`;
}

function serverOf({ port, upstream, tls }) {
  return `
  server {
    listen 127.0.0.1:${port} ${tls?.parameters ?? ''} backlog=4096;
    ${tls?.files ?? ''}
    location / {
      proxy_pass http://${upstream};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_max_temp_file_size 0;
    }
  }`;
}
