/** Experiments through a Toxiproxy server, which here is our own compatibility API: a run to its end, a plan that is refused, and a run that is killed. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { ToxiproxyServer } from '../../src/orchestrator/drivers/toxiproxy-server.js';
import { eventually, Faultlab, faultlab, Scratch } from './faultlab.js';

const TIMEOUT_MS = 90_000;

let back: Server;
let serve: Faultlab;
let url: string;
let toxiproxy: ToxiproxyServer;
beforeAll(async () => {
  back = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(back, 'listening');
  serve = new Faultlab(['serve', '--port', '0', '--json']);
  url = (await serve.says(/"url":"([^"]+)"/))[1] ?? '';
  toxiproxy = new ToxiproxyServer(url, hostClock);
  await toxiproxy.createProxy({ name: 'somebody-else', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' });
});
afterAll(async () => {
  await serve[Symbol.asyncDispose]();
  back.closeAllConnections();
  back.close();
});

const experiment = (fault: string) => `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: small}
seed: 1
topology:
  services:
    front: {protocol: tcp, instances: 1, argv: [node, -e, "require('net').createServer().listen(process.env.PORT, '127.0.0.1')"], env: {PORT: "\${self.port}"}}
    back: {protocol: http, instances: [{name: back-1, address: "127.0.0.1:${(back.address() as AddressInfo).port}"}]}
  links: [{from: front, to: back}]
  proxies: {driver: toxiproxy, url: "${url}"}
steadyState: {baseline: 200ms, settle: 200ms}
method:
  - name: bad
    fault: {target: {from: front, to: back}, ${fault}}
`;
const names = async () => (await toxiproxy.proxies('')).map(({ name }) => name);
const toxics = async () => (await toxiproxy.proxies('')).flatMap((proxy) => proxy.toxics);

describe('a run through a Toxiproxy server', () => {
  it(
    'injects, heals, takes its proxies away, and says that nobody knows whom the fault met',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', experiment('type: partition, duration: 1s'));
      await using run = new Faultlab(['run', file, '--out', scratch.path]);
      await run.says(/fault on: bad/);
      expect(await toxics()).toHaveLength(2);
      const { code, stdout } = await run.finished;
      expect([code, stdout]).toEqual([2, expect.stringContaining('healing confirmed')]);
      expect(stdout).toContain('whether the fault of step "bad" met anybody is unknown');
      expect(stdout).not.toContain('0 met it');
      expect(await names()).toEqual(['somebody-else']);
    },
    TIMEOUT_MS,
  );

  it(
    'is refused before anything is started when the server cannot carry the fault',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', experiment('type: abort, duration: 1s'));
      const { code, stderr } = await faultlab('run', file, '--out', scratch.path);
      expect([code, stderr]).toEqual([64, expect.stringContaining('toxiproxy cannot carry abort')]);
      expect(await names()).toEqual(['somebody-else']);
    },
    TIMEOUT_MS,
  );

  it(
    'that is killed leaves no toxic and no proxy after seconds, and nothing of others is touched',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', experiment('type: latency, value: {latency: 100ms}, duration: 60s'));
      await using run = new Faultlab(['run', file, '--out', scratch.path]);
      await run.says(/fault on: bad/);
      expect([await names(), await toxics()]).toMatchObject([{ length: 2 }, { length: 1 }]);
      run.child.kill('SIGKILL');
      await run.finished;
      await eventually('the watchdog has taken the proxies away', async () => (await names()).length === 1, 10_000);
      expect([await names(), await toxics()]).toEqual([['somebody-else'], []]);

      const next = await scratch.write('next.yaml', experiment('type: latency, value: {latency: 100ms}, duration: 200ms'));
      const { stdout } = await faultlab('run', next, '--out', scratch.path);
      expect(stdout).toContain('it died during method, with bad on');
    },
    TIMEOUT_MS,
  );
});
