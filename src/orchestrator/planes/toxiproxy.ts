/**
 * An existing Toxiproxy server. It carries bytes and tells nothing of them, so no promise about links can be judged; the load generator's own
 * requests still are. A watchdog process stands in for the leases that the server does not have.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import type { LiveRun } from '../../journal/store.js';
import { translate } from '../drivers/toxics.js';
import { ToxiproxyDriver } from '../drivers/toxiproxy.js';
import { proxyPrefix, ToxiproxyServer } from '../drivers/toxiproxy-server.js';
import { definePlane, type HealPorts, type OpenedPlane, type PlanePorts, type PlannedSpec } from './plane.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The proxies listen on the server's own loopback, where our services must find them. */
function isOnThisMachine(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' && LOOPBACK.test(url.hostname);
}

function watchdog(url: string, run: string): Disposable {
  const program = fileURLToPath(new URL('../services/toxics-watchdog.js', import.meta.url));
  const child = spawn(process.execPath, [program, url, proxyPrefix(run)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin?.on('error', () => {});
  child.unref();
  return { [Symbol.dispose]: () => child.stdin?.end() };
}

const refused = (fault: PlannedSpec): readonly string[] => {
  const translation = translate(fault);
  return translation.kind === 'refused' ? translation.reasons : [];
};

const differences = (fault: PlannedSpec): readonly string[] => {
  const translation = translate(fault);
  return translation.kind === 'carried' ? translation.caveats : [];
};

export const toxiproxy = definePlane({
  name: 'toxiproxy',
  summary: 'Use a Toxiproxy server that already runs on this machine.',
  schema: z.strictObject({
    url: z
      .string()
      .refine(isOnThisMachine, 'expected the http URL of a server on this machine, like http://127.0.0.1:8474')
      .meta({ description: 'HTTP API of the server' }),
  }),
  example: { url: 'http://127.0.0.1:8474' },
  linksUnseen: 'Toxiproxy does not tell what crosses its proxies',
  noGateway: `Toxiproxy has no gateway: hand the service the addresses of its links, \${link.SERVICE}`,
  noTls: 'Toxiproxy passes TLS through and cannot be an end of it',
  describe: ({ url }) => `the Toxiproxy server at ${url}`,
  objections: refused,
  caveats: differences,
  open: ({ url }, { clock, run, connect }: PlanePorts): Promise<OpenedPlane> => {
    if (connect !== undefined)
      throw new LabError('USAGE', { problem: '--connect names a daemon, but the plan’s links are a Toxiproxy server’s: leave it out' });
    const dog = watchdog(url, run);
    return Promise.resolve({
      driver: new ToxiproxyDriver({ url, clock, run }),
      processes: [],
      outlivesRun: true,
      [Symbol.asyncDispose]: () => Promise.resolve(dog[Symbol.dispose]()),
    });
  },
  healAfter: async (live: LiveRun, { clock }: HealPorts) => {
    try {
      const { proxies, toxics } = await new ToxiproxyServer(live.daemonUrl, clock).sweep(proxyPrefix(live.run));
      if (proxies === 0) return undefined;
      return `${proxies} proxies and ${toxics} toxics of it were still at ${live.daemonUrl}: removed`;
    } catch {
      return undefined;
    }
  },
});
