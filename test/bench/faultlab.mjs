/**
 * Starts a built faultlab daemon with the links that are asked for. They record what crosses unless they say otherwise; nobody reads the records while
 * they are measured. TCP links are given faults by Toxiproxy's API, HTTP links by our own.
 */
import { ask } from './http-api.mjs';
import { programVersion } from './installed.mjs';
import { Toxics } from './toxics.mjs';

/** `links`: proxies as `POST /v1/proxies` takes them; the name of each is the route that it carries. */
export async function startFaultlab({ main, links, processes, profileFolder }) {
  const profiling = profileFolder === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileFolder];
  const args = [...profiling, main, 'serve', '--port', '0', '--json', '--end-with-parent'];
  const { started, said } = await processes.startAnnounced(process.execPath, args);
  const routes = {};
  for (const link of links) routes[link.name] = (await ask(said.url, 'POST', '/v1/proxies', link)).listen;
  const carriesTcp = links.every(({ protocol }) => protocol === 'tcp');
  const toxics = carriesTcp ? new Toxics(said.url, Object.fromEntries(links.map(({ name }) => [name, name]))) : undefined;
  return { routes, toxics, url: said.url, pids: [started.pid], end: () => started.end() };
}

/** A plain link of that protocol for each of the upstreams. */
export function plainLinks(protocol, upstreams) {
  return Object.entries(upstreams).map(([name, upstream]) => ({ name, protocol, upstream }));
}

export const faultlabVersion = (main) => programVersion(process.execPath, [main, '--version']);
