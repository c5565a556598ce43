/** What stands behind every subject: `hello` answers small requests, `bytes` streams. Each is a process of its own; nothing in them is measured. */
import { fileURLToPath } from 'node:url';
import { addressOf, freePorts } from './address.mjs';
import { whereIs } from './installed.mjs';
import { startNginx } from './nginx.mjs';

export const programPath = (name) => fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));

/** Addresses by route, by which program `hello` is served, and where that is to be had by HTTP/2 without TLS; the latter by nginx only. */
export async function startUpstreams({ processes, folder }) {
  const [hello, bytes] = await Promise.all([
    startHello({ processes, folder }),
    processes.startAnnounced(process.execPath, [programPath('source')]),
  ]);
  return { routes: { hello: hello.address, bytes: bytes.said.address }, helloBy: hello.by, http2: hello.http2 };
}

async function startHello({ processes, folder }) {
  if (whereIs('nginx') === undefined) {
    const { said } = await processes.startAnnounced(process.execPath, [programPath('hello')]);
    return { address: said.address, by: 'node:http' };
  }
  const ports = await freePorts(2);
  const servers = ['', 'http2'].map((protocol, i) => helloServer(ports[i], protocol)).join('');
  await startNginx({ processes, folder, name: 'nginx-upstream', ports, servers });
  return { address: addressOf(ports[0]), by: 'nginx', http2: addressOf(ports[1]) };
}

function helloServer(port, protocol) {
  return `  server {
    listen 127.0.0.1:${port} ${protocol} backlog=4096;
    location = /hello { default_type text/plain; return 200 "hello\\n"; }
  }`;
}
