/** What stands behind every subject: `hello` answers small requests, `bytes` streams. Each is a process of its own; nothing in them is measured. */
import { fileURLToPath } from 'node:url';
import { addressOf, freePorts } from './address.mjs';
import { whereIs } from './installed.mjs';
import { startNginx } from './nginx.mjs';

export const programPath = (name) => fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));

/** Addresses by route, and by which program `hello` is served. */
export async function startUpstreams({ processes, folder }) {
  const [hello, bytes] = await Promise.all([
    startHello({ processes, folder }),
    processes.startAnnounced(process.execPath, [programPath('source')]),
  ]);
  return { routes: { hello: hello.address, bytes: bytes.said.address }, helloBy: hello.by };
}

async function startHello({ processes, folder }) {
  if (whereIs('nginx') === undefined) {
    const { said } = await processes.startAnnounced(process.execPath, [programPath('hello')]);
    return { address: said.address, by: 'node:http' };
  }
  const [port] = await freePorts(1);
  const servers = `  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /hello { default_type text/plain; return 200 "hello\\n"; }
  }`;
  await startNginx({ processes, folder, name: 'nginx-upstream', ports: [port], servers });
  return { address: addressOf(port), by: 'nginx' };
}
