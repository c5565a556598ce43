/** Starts HAProxy in one of its modes with a listener per route: its own defaults, but for time-outs that would end a measurement. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptsOn, addressOf, freePorts } from './address.mjs';
import { programVersion, whereIs } from './installed.mjs';

const CONNECTIONS_MAX = 8_000;

export const haproxyMissing = () => (whereIs('haproxy') === undefined ? 'haproxy is not installed: apt-get install haproxy' : undefined);
export const haproxyVersion = () => programVersion(whereIs('haproxy'), ['-v']);

/** `listeners`: `{ route, upstream }`, and what is to be said of their sockets in `bind` and `server`. */
export async function startHaproxy({ mode, listeners, processes, folder, label }) {
  const ports = await freePorts(listeners.length);
  const file = join(folder, `${label}.cfg`);
  writeFileSync(file, haproxyConfig({ mode, listeners: listeners.map((listener, i) => ({ ...listener, address: addressOf(ports[i]) })) }));
  const started = await processes.startSilent(whereIs('haproxy'), ['-f', file, '-db'], () => acceptsOn(ports));
  const listening = listeners.map(({ route }, i) => [route, addressOf(ports[i])]);
  return { routes: Object.fromEntries(listening), pids: [started.pid], end: () => started.end() };
}

/** A listener for each of the upstreams, with nothing said of its sockets. */
export function plainListeners(upstreams) {
  return Object.entries(upstreams).map(([route, upstream]) => ({ route, upstream }));
}

function haproxyConfig({ mode, listeners }) {
  const sections = listeners.map(
    ({ route, address, upstream, bind = '', server = '' }) =>
      `listen ${route}\n  bind ${address} ${bind}\n  server upstream ${upstream} ${server}\n`,
  );
  return `global
  no strict-limits
  maxconn ${CONNECTIONS_MAX}
defaults
  mode ${mode}
  maxconn ${CONNECTIONS_MAX}
  timeout connect 5s
  timeout client 300s
  timeout server 300s
${sections.join('')}`;
}
