import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePorts } from '../../../src/orchestrator/services/free-ports.js';

const [low = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1').split(/\s+/).map(Number);

it('ports for services are different, can be listened on, and are none that the system gives to whoever connects somewhere', async () => {
  const ports = await freePorts(200);
  expect(new Set(ports).size).toBe(200);
  if (low >= 22_000) expect(Math.max(...ports)).toBeLessThan(low);
  for (const port of ports.slice(0, 20)) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
  }
});

it('whoever looks for ports beside us is told which we have chosen, before anything listens there', async () => {
  const ports = await freePorts(20);
  const signs = ports.map((port) => createServer().listen(`\0faultlab-port-${port}`));
  const refusals = await Promise.all(
    signs.map((sign) => new Promise((resolve) => sign.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code)))),
  );
  expect(new Set(refusals)).toEqual(new Set(['EADDRINUSE']));
});

it('no ports are no trouble', async () => {
  expect(await freePorts(0)).toEqual([]);
});
