/** A Toxiproxy configuration, imported and run: a caller that knows nothing of it feels its toxic where it always called. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { request } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { freePorts } from '../../src/orchestrator/services/free-ports.js';
import { Faultlab, faultlab, Scratch } from './faultlab.js';

it('a caller from outside feels an imported toxic at the port it always called', async () => {
  const back = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  onTestFinished(() => {
    back.closeAllConnections();
    back.close();
  });
  await once(back, 'listening');
  await using scratch = await Scratch.create();
  const [port = 0] = await freePorts(1);
  const config = [
    {
      name: 'back',
      listen: `127.0.0.1:${port}`,
      upstream: `127.0.0.1:${(back.address() as AddressInfo).port}`,
      toxics: [{ name: 'slow', type: 'latency', stream: 'downstream', attributes: { latency: 300 } }],
    },
  ];
  const file = await scratch.write('toxiproxy.json', JSON.stringify(config));
  const output = join(scratch.path, 'imported.yaml');
  expect((await faultlab('import', file, '--output', output)).code).toBe(0);
  await using run = new Faultlab(['run', output, '--out', scratch.path]);
  await run.says(/fault on: slow/);
  const startedMs = performance.now();
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/`);
  expect([statusCode, await body.text()]).toEqual([200, 'ok']);
  expect(performance.now() - startedMs).toBeGreaterThan(290);
  run.child.kill('SIGINT');
  const { code, stdout } = await run.finished;
  expect([code, stdout]).toEqual([4, expect.stringContaining('1 met it, 1 faulted')]);
}, 90_000);
