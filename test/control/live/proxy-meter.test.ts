import { expect, it } from 'vitest';
import { ProxyMeter } from '../../../src/control/live/proxy-meter.js';
import { hostClock } from '../../../src/core/clock.js';
import { Daemon } from '../../../src/dataplane/daemon.js';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';
import { emptySecond } from '../../../src/journal/second-tally.js';
import { forThisTest } from '../../support/for-this-test.js';
import { dial, echo, readBytes } from '../../support/tcp.js';

it('links that carry TCP have rows of bytes and connections; requests keep what they had, and nothing is told of links at rest', async () => {
  const { port } = forThisTest(await echo());
  const daemon = forThisTest(new Daemon({ clock: hostClock, environment: 'test' }));
  const spec = (name: string) => proxySpecSchema.parse({ name, protocol: 'tcp', upstream: `127.0.0.1:${port}` });
  const { listen } = await daemon.createProxy(spec('a->b'));
  await daemon.createProxy(spec('c->d'));
  const meter = new ProxyMeter(daemon);
  expect(meter.complete([], 1)).toEqual([]);
  const socket = dial(Number(listen.split(':')[1]));
  socket.write('12345');
  await readBytes(socket, 5);
  const load = { ...emptySecond('load->a', 2), requests: 3 };
  const quiet = { ...emptySecond('a->b', 2), bytesUp: 5, bytesDown: 5, connections: 1 };
  expect(meter.complete([load], 2)).toEqual([load, quiet]);
  const requests = { ...emptySecond('a->b', 3), requests: 2, bytesUp: 100 };
  expect(meter.complete([requests], 3)).toEqual([{ ...requests, bytesUp: 0, connections: 1 }]);
  socket.destroy();
  await expect.poll(() => meter.complete([], 4)).toEqual([]);
});
