import { once } from 'node:events';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { parseAddress } from '../../src/dataplane/address.js';
import { Door } from '../../src/dataplane/door.js';
import { closeCode, dial, until, wait } from '../support/tcp.js';

/** A door whose visitors are greeted. */
async function door(listen = '127.0.0.1:0') {
  const it = new Door(parseAddress(listen), { clock: hostClock, accept: (accepted) => accepted.socket().end('come in') });
  await it.listen();
  const port = Number(it.address.split(':').at(-1));
  return {
    it,
    port,
    /** What a newcomer finds. */
    async try(): Promise<string> {
      const socket = net.connect(listen.startsWith('unix:') ? { path: listen.slice(5) } : { host: '127.0.0.1', port });
      try {
        const answer = once(socket, 'data').then(([bytes]) => String(bytes));
        return await Promise.race([answer, wait(250).then(() => 'no answer')]);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? 'failed';
      } finally {
        socket.destroy();
      }
    },
    [Symbol.asyncDispose]: () => it[Symbol.asyncDispose](),
  };
}

test.each(['127.0.0.1:0', '[::]:0'])('%s shut refuses, open again lets in on the same port', async (listen) => {
  await using it = await door(listen);
  expect(await it.try()).toBe('come in');
  it.it.set('shut');
  await until('it is shut', () => it.it.state === 'shut');
  expect(await it.try()).toBe('ECONNREFUSED');
  it.it.set('open');
  await until('it is open', () => it.it.state === 'open');
  expect(await it.try()).toBe('come in');
});

test.each(['127.0.0.1:0', '[::]:0'])(
  '%s mute answers nobody; who still waits gets in when it opens',
  async (listen) => {
    await using it = await door(listen);
    it.it.set('mute');
    await until('it is mute', () => it.it.state === 'mute');
    expect(await Promise.all([it.try(), it.try(), it.try()])).toEqual(['no answer', 'no answer', 'no answer']);
    const patient = dial(it.port);
    await wait(50);
    it.it.set('open');
    await until('it is open', () => it.it.state === 'open');
    expect(await it.try()).toBe('come in');
    await until('its SYN is sent again', () => patient.bytesRead > 0, 10_000);
    patient.destroy();
  },
  20_000,
);

test('goes from one to the other, and ends where it was asked to last', async () => {
  await using it = await door();
  for (const state of ['mute', 'shut', 'open', 'mute', 'shut'] as const) it.it.set(state);
  await until('it is shut', () => it.it.state === 'shut');
  expect(await it.try()).toBe('ECONNREFUSED');
  it.it.set('mute');
  await until('it is mute', () => it.it.state === 'mute');
  it.it.set('shut');
  await until('it is shut', () => it.it.state === 'shut');
  expect(await it.try()).toBe('ECONNREFUSED');
});

test('a shut port is not given to anybody who asks for any', async () => {
  await using it = await door();
  it.it.set('shut');
  await until('it is shut', () => it.it.state === 'shut');
  const busy = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  expect(busy.map((server) => (server.address() as net.AddressInfo).port)).not.toContain(it.port);
  for (const server of busy) server.close();
});

test('one that somebody else took meanwhile is taken back as soon as it is free', async () => {
  await using it = await door();
  it.it.set('shut');
  await until('it is shut', () => it.it.state === 'shut');
  const thief = net.createServer((socket) => socket.end('mine')).listen(it.port, '127.0.0.1');
  await once(thief, 'listening');
  it.it.set('open');
  await wait(120);
  expect(await it.try()).toBe('mine');
  thief.close();
  await until('it is open', () => it.it.state === 'open');
  expect(await it.try()).toBe('come in');
});

test('a Unix-domain socket stays open', async () => {
  const listen = `unix:${join(tmpdir(), `door-${process.pid}.sock`)}`;
  await using it = await door(listen);
  it.it.set('shut');
  await wait(30);
  expect(it.it.state).toBe('open');
  expect(await it.try()).toBe('come in');
});

test.each(['shut', 'mute'] as const)('closed while it is %s, the port is free', async (state) => {
  const it = await door();
  it.it.set(state);
  await until(`it is ${state}`, () => it.it.state === state);
  await it[Symbol.asyncDispose]();
  const next = net.createServer().listen(it.port, '127.0.0.1');
  await once(next, 'listening');
  next.close();
});

test('closed on the way to mute, nothing is left', async () => {
  const it = await door();
  it.it.set('mute');
  await it[Symbol.asyncDispose]();
  expect(await closeCode(dial(it.port))).toBe('ECONNREFUSED');
});
