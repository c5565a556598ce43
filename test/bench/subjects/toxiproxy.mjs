/**
 * A Toxiproxy server that is running already, named by `--toxiproxy URL`. We create proxies of our own on it and remove them afterwards; nothing
 * else on it is touched. Its memory is seen only if it runs on this machine.
 */
import toxiproxyClient from 'toxiproxy-node-client';
import { hostAndPort } from '../address.mjs';
import { pidListeningOn } from '../proc.mjs';
import { Toxics } from '../toxics.mjs';

const client = (url) => new toxiproxyClient.Toxiproxy(url);

export const toxiproxy = {
  name: 'toxiproxy',
  role: 'peer',
  summary: 'the Toxiproxy server named by --toxiproxy, a proxy without toxics',
  missing: (options) =>
    options.toxiproxy === undefined ? 'no server named: start toxiproxy-server and pass --toxiproxy http://127.0.0.1:8474' : undefined,
  version: async (options) => /\d+\.\d+[\w.+-]*/.exec(await client(options.toxiproxy).getVersion())?.[0] ?? 'of unknown version',
  async start({ options, upstreams, label }) {
    const server = client(options.toxiproxy);
    const created = [];
    const end = async () => {
      for (const proxy of created.splice(0)) await proxy.remove();
    };
    try {
      for (const [route, upstream] of Object.entries(upstreams)) {
        const name = `faultlab-bench-${process.pid}-${label}-${route}`;
        created.push(await server.createProxy({ name, listen: '127.0.0.1:0', upstream }));
      }
    } catch (error) {
      await end();
      throw error;
    }
    const routes = Object.keys(upstreams).map((route, i) => [route, created[i].listen]);
    const names = Object.keys(upstreams).map((route, i) => [route, created[i].name]);
    const toxics = new Toxics(options.toxiproxy, Object.fromEntries(names));
    const pid = pidListeningOn(hostAndPort(created[0].listen).port);
    return { routes: Object.fromEntries(routes), toxics, pids: pid === undefined ? [] : [pid], end };
  },
};
