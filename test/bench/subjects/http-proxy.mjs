/** http-proxy, the library of that name, as a server of its own. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { programPath } from '../upstreams.mjs';

export const httpProxy = {
  name: 'http-proxy',
  role: 'peer',
  summary: 'http-proxy with a keep-alive agent, otherwise as it comes',
  missing: () => undefined,
  version: async () => JSON.parse(readFileSync(createRequire(import.meta.url).resolve('http-proxy/package.json'), 'utf8')).version,
  async start({ processes, upstreams }) {
    const args = [programPath('http-proxy'), ...Object.values(upstreams)];
    const { started, said } = await processes.startAnnounced(process.execPath, args);
    const listening = Object.keys(upstreams).map((route, i) => [route, said.addresses[i]]);
    return { routes: Object.fromEntries(listening), pids: [started.pid], end: () => started.end() };
  },
};
