import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';
import { type FaultSpecInput, faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import { countingUpstream, get, Transcript } from '../support/http.js';
import { closeCode, dial, echo, pattern, readBytes, readToEnd, type Served, serve, until, wait } from '../support/tcp.js';

let server: Served;
let daemon: Daemon;
let port: number;

beforeEach(async () => {
  server = await echo();
  daemon = new Daemon({ clock: hostClock, environment: 'test' });
  const { listen } = await daemon.createProxy(proxySpecSchema.parse({ name: 'p', upstream: `127.0.0.1:${server.port}` }));
  port = Number(listen.split(':')[1]);
});
afterEach(async () => {
  await daemon[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const inject = (given: Partial<FaultSpecInput> & { type: string }): void => {
  daemon.inject({ run: 'test', faults: [faultSpecSchema.parse({ id: 'f', proxies: ['p'], lease: '60s', ...given })] });
};
const status = () => daemon.faults()[0];

describe('a fault that is changed', () => {
  test('while a stream goes through it loses and reorders nothing, and keeps its counts', async () => {
    inject({ type: 'latency', value: { latency: '5ms' } });
    const client = dial(port);
    const sent = pattern(8 * 1024 * 1024);
    const received = readToEnd(client);
    client.end(sent);
    for (let i = 0; i < 20; i++) {
      await wait(5);
      const value = { latency: `${(i * 7) % 20}ms`, jitter: `${i % 3}ms` };
      daemon.update('f', i % 4 === 3 ? { run: 'test', percentage: i % 8 === 3 ? 0 : 100 } : { run: 'test', value });
    }
    expect((await received).equals(sent)).toBe(true);
    expect(status()).toMatchObject({ matched: 1, applied: 1, skipped: 0 });
  });

  test('hits a connection that it spared, and lets go of what it held when it spares it', async () => {
    inject({ type: 'blackhole', percentage: 0 });
    const client = dial(port);
    client.write('one');
    expect(String(await readBytes(client, 3))).toBe('one');
    daemon.update('f', { run: 'test', percentage: 100 });
    client.write('two');
    let isBack = false;
    const back = readBytes(client, 3).then((bytes) => {
      isBack = true;
      return bytes;
    });
    await wait(50);
    expect(isBack).toBe(false);
    expect(status()).toMatchObject({ matched: 1, applied: 1, skipped: 0 });
    daemon.update('f', { run: 'test', percentage: 0 });
    expect(String(await back)).toBe('two');
    client.destroy();
  });

  test('stays as it was when the change makes no sense', () => {
    inject({ type: 'latency', value: { latency: '5ms' }, percentage: 40 });
    expect(() => daemon.update('f', { run: 'test', percentage: 10, value: { latency: 5 } })).toThrow(/value.latency/);
    expect(status()?.percentage).toBe(40);
    expect(() => daemon.update('g', { run: 'test', percentage: 10 })).toThrow(/no fault/);
  });

  test('is refused to everybody but the run that holds the daemon, in its newest epoch', () => {
    const { epoch } = daemon.claim('mine');
    daemon.inject({ run: 'mine', epoch, faults: [faultSpecSchema.parse({ id: 'f', type: 'noop', proxies: ['p'] })] });
    expect(() => daemon.update('f', { run: 'by-hand', percentage: 10 })).toThrow(/mine/);
    expect(() => daemon.update('f', { run: 'mine', epoch: epoch - 1, percentage: 10 })).toThrow(/epoch/);
    expect(daemon.update('f', { run: 'mine', epoch, percentage: 10 }).percentage).toBe(10);
  });
});

describe('a run whose fault ran out of its lease', () => {
  const spec = (id: string, given: Partial<FaultSpecInput> = {}) =>
    faultSpecSchema.parse({ id, type: 'noop', proxies: ['p'], lease: '500ms', ...given });

  test('can inject nothing more, for it has slept; what it could still take back is gone', async () => {
    const { epoch } = daemon.claim('sleeper');
    daemon.inject({ run: 'sleeper', epoch, faults: [spec('first')] });
    await until('the fault is over', () => daemon.faults().length === 0);
    expect(() => daemon.inject({ run: 'sleeper', epoch, faults: [spec('second')] })).toThrow(/not renewed/);
    expect(() => daemon.renew({ run: 'sleeper', epoch })).toThrow(/not renewed/);
    daemon.release('sleeper');
    expect([daemon.faults(), daemon.status().run]).toEqual([[], null]);
  });

  test('is told from one whose fault had its time', async () => {
    const { epoch } = daemon.claim('awake');
    daemon.inject({ run: 'awake', epoch, faults: [spec('first', { lease: '60s', duration: '100ms' })] });
    await until('the fault is over', () => daemon.faults().length === 0);
    daemon.inject({ run: 'awake', epoch, faults: [spec('second')] });
    expect(daemon.faults()).toHaveLength(1);
  });
});

test('a request that is held when its fault is changed is held no less', async () => {
  const proxy = await daemon.createProxy(proxySpecSchema.parse({ name: 'h', protocol: 'http', upstream: `127.0.0.1:${server.port}` }));
  inject({ type: 'delay', proxies: ['h'], value: { delay: '150ms' } });
  const client = dial(Number(proxy.listen.split(':')[1]));
  const startMs = hostClock.nowMs();
  client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await until('the request has met the fault', () => status()?.matched === 1);
  daemon.update('f', { run: 'test', value: { delay: '1ms' } });
  await until('the request has come through', () => server.accepted.length > 0);
  expect(hostClock.nowMs() - startMs).toBeGreaterThanOrEqual(150);
  client.destroy();
});

test('a proxy takes so many faults and no more, and one command that would be too much takes effect not at all', () => {
  const noops = (count: number, from = 0): FaultSpecInput[] =>
    Array.from({ length: count }, (_, i) => ({ id: `n${from + i}`, type: 'noop', proxies: ['p'] }));
  const add = (given: FaultSpecInput[]) => daemon.inject({ run: 'test', faults: given.map((spec) => faultSpecSchema.parse(spec)) });
  add(noops(200));
  expect(() => add(noops(51, 200))).toThrow('faults on proxy "p": the bound of 250 is reached');
  expect(daemon.faults()).toHaveLength(200);
  expect(add(noops(50, 200))).toHaveLength(50);
  daemon.heal({ faults: ['n7'] });
  expect(add(noops(1, 900))).toHaveLength(1);
});

test('a pulse holds a live connection while it is on and lets go while it is off', async () => {
  inject({ type: 'blackhole', pulse: { active: '120ms', dormant: '10s' } });
  const client = dial(port);
  const startMs = hostClock.nowMs();
  client.write('held');
  expect(String(await readBytes(client, 4))).toBe('held');
  expect(hostClock.nowMs() - startMs).toBeGreaterThan(60);
  expect(status()).toMatchObject({ isOn: false, matched: 1, applied: 1 });
  client.write('free');
  expect(String(await readBytes(client, 4))).toBe('free');
  client.destroy();
});

test('a ramp reaches connections that are there already', async () => {
  const clients = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const client = dial(port);
      client.write('x');
      await readBytes(client, 1);
      return client;
    }),
  );
  inject({ type: 'reset', ramp: { from: 0, to: 100, step: 50, every: '40ms' } });
  await until('all are reset', () => clients.every((client) => client.destroyed));
  expect(status()).toMatchObject({ percentage: 100, matched: 8, applied: 8, skipped: 0 });
});

describe('a fault on several proxies', () => {
  const make = (name: string, given: { isProtected?: boolean; listen?: string } = {}) => {
    const { isProtected = false, listen = '127.0.0.1:0' } = given;
    return daemon.createProxy(proxySpecSchema.parse({ name, listen, upstream: `127.0.0.1:${server.port}`, protected: isProtected }));
  };

  test('leaves with each that is removed, and comes back to no later one of its name', async () => {
    await make('q');
    inject({ type: 'latency', proxies: ['p', 'q'], value: { latency: '30s' } });
    await daemon.removeProxy('p');
    const { listen } = await make('p', { isProtected: true });
    // Its turn, or a change: its proxies look at it anew.
    daemon.update('f', { run: 'test', percentage: 90 });
    expect([daemon.proxy('p').faults, daemon.proxy('q').faults]).toEqual([[], ['f']]);
    const client = dial(Number(listen.split(':')[1]));
    client.write('one');
    expect(String(await readBytes(client, 3))).toBe('one');
    client.destroy();
  });

  test('ends with the last of them', async () => {
    await make('q');
    inject({ type: 'noop', proxies: ['p', 'q'] });
    await daemon.removeProxy('p');
    expect(daemon.hasFault('f')).toBe(true);
    await daemon.removeProxy('q');
    expect(daemon.hasFault('f')).toBe(false);
  });

  test('does not wait for one that never came to listen', async () => {
    const failing = make('q', { listen: daemon.proxy('p').listen });
    inject({ type: 'noop', proxies: ['q'] });
    await expect(failing).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
    expect(daemon.hasFault('f')).toBe(false);
  });
});

test('callers of other networks are left alone', async () => {
  inject({ type: 'reset', source: ['127.0.0.2', '10.0.0.0/8'] });
  const client = dial(port);
  client.write('x');
  expect(String(await readBytes(client, 1))).toBe('x');
  expect(status()).toMatchObject({ matched: 0 });
  daemon.heal();
  inject({ type: 'reset', source: '127.0.0.0/30' });
  await until('it is reset', () => client.destroyed);
  expect(status()).toMatchObject({ matched: 1, applied: 1 });
});

describe.each(['tcp', 'http'] as const)('the connections of a proxy (%s)', (protocol) => {
  let silent: Served;
  beforeEach(async () => {
    silent = await serve(() => {});
  });
  afterEach(() => silent[Symbol.asyncDispose]());
  const request = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
  const open = async () => {
    const { listen } = await daemon.createProxy(proxySpecSchema.parse({ name: 'q', protocol, upstream: `127.0.0.1:${silent.port}` }));
    const clients = [0, 1].map(() => dial(Number(listen.split(':')[1])));
    clients.forEach((client, i) => {
      if (i === 1) client.write(request);
    });
    await until('both are open', () => daemon.proxy('q').connections === 2 && silent.accepted.length >= (protocol === 'tcp' ? 2 : 1));
    await until('the request is there', () => daemon.proxy('q').bytesUp === request.length);
    return clients;
  };
  const list = (after = 0) => daemon.connectionsOf('q', { after, max: 10 });

  test('are listed with age, bytes and faults', async () => {
    const clients = await open();
    inject({ type: 'latency', proxies: ['q'], value: { latency: '1ms' } });
    const busy = list().find(({ bytesUp }) => bytesUp > 0);
    expect(list().map(({ connection }) => connection)).toEqual([1, 2]);
    expect(busy).toMatchObject({ source: '127.0.0.1', bytesUp: request.length, heldBytes: 0, faults: ['f'] });
    expect(busy?.ageMs).toBeGreaterThan(0);
    expect(list(1).map(({ connection }) => connection)).toEqual([2]);
    for (const client of clients) client.destroy();
  });

  test('are killed one by one: reset on both sides, and recorded as that', async () => {
    const clients = await open();
    const { connection = 0 } = list().find(({ bytesUp }) => bytesUp > 0) ?? {};
    const code = closeCode(clients[1] as (typeof clients)[number]);
    daemon.kill('q', connection);
    expect(await code).toBe('ECONNRESET');
    await until('it is recorded', () => daemon.proxy('q').connections === 1);
    const { observations } = await daemon.observations.readOrWait({ after: 0, max: 100, waitMs: 0 });
    expect(observations).toContainEqual(expect.objectContaining({ connection, end: 'killed' }));
    expect(() => daemon.kill('q', connection)).toThrow(/no open connection/);
    clients[0]?.destroy();
  });

  test('are not killed by hand while a run measures them', async () => {
    const clients = await open();
    daemon.claim('mine');
    expect(() => daemon.kill('q', 1)).toThrow(/mine/);
    expect(list()).toHaveLength(2);
    for (const client of clients) client.destroy();
  });
});

describe('a proxy that records nothing', () => {
  test('carries its requests and says nothing of them, while the one beside it does', async () => {
    await using upstream = await countingUpstream();
    const newest = daemon.observations.newest;
    for (const [name, record] of [
      ['mute', false],
      ['telling', true],
    ] as const) {
      const spec = proxySpecSchema.parse({ name, protocol: 'http', upstream: `127.0.0.1:${upstream.port}`, record });
      const caller = new Transcript(dial(Number((await daemon.createProxy(spec)).listen.split(':')[1])));
      caller.socket.write(get('/1'));
      await caller.includes('answer 1');
    }
    await until('the exchange is recorded', () => daemon.observations.newest > newest);
    expect(daemon.observations.read(newest, 10).observations).toMatchObject([{ kind: 'exchange', link: 'telling' }]);
  });
});
