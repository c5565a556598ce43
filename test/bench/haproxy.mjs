/** Starts HAProxy in one of its modes with a listener per route: its own defaults, but for time-outs that would end a measurement. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptsOn, addressOf, freePorts } from './address.mjs';
import { programVersion, whereIs } from './installed.mjs';

const CONNECTIONS_MAX = 8_000;

export const haproxyMissing = () => (whereIs('haproxy') === undefined ? 'haproxy is not installed: apt-get install haproxy' : undefined);
export const haproxyVersion = () => programVersion(whereIs('haproxy'), ['-v']);

export async function startHaproxy({ mode, processes, upstreams, folder, label }) {
  const routes = Object.keys(upstreams);
  const ports = await freePorts(routes.length);
  const file = join(folder, `${label}.cfg`);
  writeFileSync(file, haproxyConfig({ mode, routes, ports, upstreams }));
  const started = await processes.startSilent(whereIs('haproxy'), ['-f', file, '-db'], () => acceptsOn(ports));
  const listening = routes.map((route, i) => [route, addressOf(ports[i])]);
  return { routes: Object.fromEntries(listening), pids: [started.pid], end: () => started.end() };
}

function haproxyConfig({ mode, routes, ports, upstreams }) {
  const listeners = routes.map((route, i) => `listen ${route}\n  bind ${addressOf(ports[i])}\n  server upstream ${upstreams[route]}\n`);
  return `global
  no strict-limits
  maxconn ${CONNECTIONS_MAX}
defaults
  mode ${mode}
  maxconn ${CONNECTIONS_MAX}
  timeout connect 5s
  timeout client 300s
  timeout server 300s
${listeners.join('')}`;
}
