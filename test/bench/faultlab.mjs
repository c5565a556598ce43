/**
 * Starts a built faultlab daemon with one link per route. It records what crosses, as always; nobody reads the records while it is measured. TCP links
 * are given faults by Toxiproxy's API.
 */
import { programVersion } from './installed.mjs';
import { Toxics } from './toxics.mjs';

export async function startFaultlab({ main, protocol, processes, upstreams, profileFolder }) {
  const routes = Object.keys(upstreams);
  const proxies = routes.flatMap((route) => ['--proxy', `name=${route},protocol=${protocol},upstream=${upstreams[route]}`]);
  const profiling = profileFolder === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileFolder];
  const args = [...profiling, main, 'serve', '--port', '0', '--json', '--end-with-parent', ...proxies];
  const { started, said } = await processes.startAnnounced(process.execPath, args);
  const toxics = protocol === 'tcp' ? new Toxics(said.url, Object.fromEntries(routes.map((route) => [route, route]))) : undefined;
  return { routes: await listenAddresses(said.url), toxics, pids: [started.pid], end: () => started.end() };
}

export const faultlabVersion = (main) => programVersion(process.execPath, [main, '--version']);

async function listenAddresses(url) {
  const response = await fetch(new URL('/v1/proxies', url), { headers: { connection: 'close' } });
  const { proxies } = await response.json();
  return Object.fromEntries(proxies.map(({ name, listen }) => [name, listen]));
}
