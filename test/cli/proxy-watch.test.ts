import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { main } from '../../src/cli/program.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import { eventually } from '../e2e/faultlab.js';
import { cli, session, startDaemon } from '../support/cli.js';
import { until } from '../support/tcp.js';

it('shows what crosses a proxy from now on, and of that proxy alone, until Ctrl-C', async () => {
  await using daemon = await startDaemon();
  const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const upstream = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const create = (name: string) => daemon.daemon.createProxy(proxySpecSchema.parse({ name, protocol: 'http', upstream }));
  const [watched, other] = [await create('watched'), await create('other')];
  const get = async (listen: string, path: string) => (await fetch(`http://${listen}${path}`, { headers: { connection: 'close' } })).text();
  await get(watched.listen, '/before');
  await until('what was before is noted', () => daemon.daemon.observations.newest > 0);
  const { context, said, interrupt } = session();
  const watching = main(['proxy', 'watch', 'watched', '--connect', daemon.url], context);
  await eventually('it is shown', async () => {
    await get(other.listen, '/other');
    await get(watched.listen, '/pay/1');
    return said().out.includes('/pay/1');
  });
  interrupt('SIGINT');
  await watching;
  expect(said().out).toMatch(/^\d+#1 {2}GET {2}\/pay\/1 {2}200 {2}complete {2}\S+ {2}\d+ B up {2}\d+ B down$/m);
  expect(said().out).not.toMatch(/before|other/);
  expect([said().code, said().err]).toEqual([0, '']);
  expect(await cli('proxy', 'watch', 'nobody', '--connect', daemon.url)).toMatchObject({ code: 64 });
});
