/**
 * What no caller should do, and some do: thousands of connections that say nothing, commands as fast as they can be sent, bytes held by what is taken
 * away. What has its place elsewhere: attributes of any size and readers that never read in `toxiproxy-client.test.ts`, parameters without sense in
 * `tcp-fault-contracts.ts`, an address in use and a callee that never answers in `tcp-proxy.test.ts`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';
import { faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import { servedControl } from '../support/control.js';
import { dial, echo, pattern, readBytes, readToEnd, until, wait } from '../support/tcp.js';

const portOf = (listen: string): number => Number(listen.split(':').at(-1));

function faultOn(proxy: string, given: object) {
  return faultSpecSchema.parse({ id: 'f', proxies: [proxy], lease: '600s', ...given });
}

/** A process that listens and holds whoever comes, and that opens as many connections as it is told. */
function crowd(): ChildProcess {
  const script = `
    const net = require('node:net');
    const held = [];
    const server = net.createServer((socket) => held.push(socket.on('error', () => {}))).listen(0, '127.0.0.1', () => process.send(server.address().port));
    process.on('message', async ({ port, count }) => {
      for (let opened = 0; opened < count; opened += 250) {
        await Promise.all(Array.from({ length: Math.min(250, count - opened) }, () => new Promise((resolve, reject) => {
          held.push(net.connect({ host: '127.0.0.1', port }, resolve).on('error', reject));
        })));
      }
      process.send(count);
    });`;
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** Each connection takes two descriptors of a process; what is left over is for all else. */
const CROWD = Math.min(10_000, Math.floor((Number(execFileSync('sh', ['-c', 'ulimit -n'])) - 500) / 2));

test(`${CROWD} connections that say nothing hold up nobody, and all learn of a fault`, async () => {
  await using daemon = new Daemon({ clock: hostClock, environment: 'test' });
  await using server = await echo();
  const process = crowd();
  try {
    const [upstream] = (await once(process, 'message')) as [number];
    const quiet = await daemon.createProxy(proxySpecSchema.parse({ name: 'quiet', upstream: `127.0.0.1:${upstream}` }));
    const busy = await daemon.createProxy(proxySpecSchema.parse({ name: 'busy', upstream: `127.0.0.1:${server.port}` }));
    process.send({ port: portOf(quiet.listen), count: CROWD });
    await once(process, 'message');
    await until('all are open', () => daemon.proxy('quiet').connections === CROWD, 20_000);
    const client = dial(portOf(busy.listen));
    for (let i = 0; i < 5; i++) {
      const answer = readBytes(client, 4);
      client.write('ping');
      expect(String(await answer)).toBe('ping');
    }
    client.destroy();
    daemon.inject({ run: 'test', faults: [faultOn('quiet', { type: 'latency', value: { latency: '5ms' } })] });
    expect(daemon.faults()).toMatchObject([{ matched: CROWD, applied: CROWD }]);
    daemon.heal();
    daemon.inject({ run: 'test', faults: [faultOn('quiet', { type: 'reset' })] });
    await until('all are cut', () => daemon.proxy('quiet').connections === 0, 20_000);
  } finally {
    const exit = once(process, 'exit');
    process.kill('SIGKILL');
    await exit;
  }
}, 90_000);

describe('commands as fast as they can be sent', () => {
  test('a thousand changes of faults with a lease, while data flows both ways, lose no byte', async () => {
    await using control = await servedControl();
    await using server = await echo();
    const { listen } = await control.daemon.createProxy(proxySpecSchema.parse({ name: 'p', upstream: `127.0.0.1:${server.port}` }));
    const client = dial(portOf(listen));
    const sent = pattern(4_000_000);
    const received = readToEnd(client);
    const call = async (method: string, target: string, body?: object): Promise<number> => {
      const text = body === undefined ? '' : JSON.stringify({ run: 'by-hand', ...body });
      return (await control.raw(method, target, { body: text, head: ['Content-Type: application/json'] })).status;
    };
    for (let round = 0; round < 125; round++) {
      client.write(sent.subarray(32_000 * round, 32_000 * (round + 1)));
      const direction = round % 2 === 0 ? 'up' : 'both';
      const fault = { id: 'f', type: 'latency', proxies: ['p'], direction, value: { latency: '30ms', jitter: '20ms' } };
      expect(await call('POST', '/v1/faults', { faults: [fault] })).toBe(201);
      const changes = Array.from({ length: 6 }, (_, i) =>
        call('PATCH', '/v1/faults/f', i % 2 === 0 ? { percentage: 20 * i } : { value: { latency: `${i}ms` } }),
      );
      expect(new Set(await Promise.all(changes))).toEqual(new Set([200]));
      expect(await call('DELETE', '/v1/faults/f')).toBe(200);
    }
    client.end();
    expect((await received).equals(sent)).toBe(true);
    expect(control.daemon.proxy('p')).toMatchObject({ heldBytes: 0, faults: [] });
  }, 60_000);

  test('proxies that come and go at once leave neither a port nor a connection', async () => {
    await using daemon = new Daemon({ clock: hostClock, environment: 'test' });
    await using server = await echo();
    const create = (name: string) => daemon.createProxy(proxySpecSchema.parse({ name, upstream: `127.0.0.1:${server.port}` }));
    for (let round = 0; round < 20; round++) {
      const made = await Promise.all(Array.from({ length: 10 }, (_, i) => create(`p${i}`)));
      const clients = made.map(({ listen }) => dial(portOf(listen)));
      for (const { name } of made) daemon.inject({ run: 'test', faults: [faultOn(name, { id: name, type: 'blackhole' })] });
      await Promise.all(made.map(({ name }) => daemon.removeProxy(name)));
      for (const client of clients) client.destroy();
    }
    expect(daemon.proxies()).toEqual([]);
    expect(daemon.faults()).toEqual([]);
  });
});

describe('a fault that ends while it holds bytes', () => {
  const ends: readonly [string, (daemon: Daemon) => void, object][] = [
    ['because it is removed', (daemon) => void daemon.heal({ faults: ['f'] }), {}],
    ['because the daemon is halted', (daemon) => void daemon.halt('enough'), {}],
    ['because its lease runs out', () => {}, { lease: '500ms' }],
    ['because its duration is over', () => {}, { duration: '300ms' }],
    ['for the while that its pulse has it off', () => {}, { pulse: { active: '300ms', dormant: '60s' } }],
  ];

  test.each(ends)('%s lets all of them go, in order', async (_why, end, given) => {
    await using daemon = new Daemon({ clock: hostClock, environment: 'test' });
    await using server = await echo();
    const { listen } = await daemon.createProxy(proxySpecSchema.parse({ name: 'p', upstream: `127.0.0.1:${server.port}` }));
    daemon.inject({ run: 'test', faults: [faultOn('p', { type: 'blackhole', ...given })] });
    const client = dial(portOf(listen));
    const sent = pattern(600_000);
    const received = readToEnd(client);
    client.end(sent);
    await until('they are held', () => daemon.proxy('p').heldBytes >= sent.length / 2);
    await wait(20);
    end(daemon);
    expect((await received).equals(sent)).toBe(true);
    expect(daemon.proxy('p').heldBytes).toBe(0);
  });
});

test('a caller that comes and goes without a word, thousands of times, leaves nothing', async () => {
  await using daemon = new Daemon({ clock: hostClock, environment: 'test' });
  await using server = await echo();
  const { listen } = await daemon.createProxy(proxySpecSchema.parse({ name: 'p', upstream: `127.0.0.1:${server.port}` }));
  for (let round = 0; round < 20; round++) {
    const clients = Array.from({ length: 100 }, (_, i) => {
      const client = net.connect({ host: '127.0.0.1', port: portOf(listen) }).on('error', () => {});
      client.once('connect', () => (i % 2 === 0 ? client.resetAndDestroy() : client.destroy()));
      return client;
    });
    await until('all are closed here', () => clients.every((client) => client.closed));
  }
  await until('all are gone', () => daemon.proxy('p').connections === 0);
  expect(daemon.proxy('p').connectionsTotal).toBe(2_000);
});
