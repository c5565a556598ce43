import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';
import { openListener } from '../../src/dataplane/listener.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import { closeCode, echo, pattern, readBytes, readToEnd, until } from '../support/tcp.js';

const folder = mkdtempSync(join(tmpdir(), 'faultlab-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let paths = 0;
const freshPath = (): string => join(folder, `${paths++}.sock`);

function connect(to: net.NetConnectOpts): net.Socket {
  const socket = net.connect({ ...to, allowHalfOpen: true });
  socket.on('error', () => {});
  return socket;
}

/** A daemon with one proxy, and how to dial it. */
async function proxyFrom(listen: string, upstream: string) {
  const daemon = new Daemon({ clock: hostClock, environment: 'test' });
  const proxy = await daemon.createProxy(proxySpecSchema.parse({ name: 'p', listen, upstream }));
  return { daemon, proxy, [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose]() };
}

async function echoAt(path: string): Promise<net.Server> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen({ path });
  await once(server, 'listening');
  return server;
}

describe('a Unix-domain socket', () => {
  test('is listened on and dialled like a port, half-closes included', async () => {
    const [outer, inner] = [freshPath(), freshPath()];
    const server = await echoAt(inner);
    await using on = await proxyFrom(`unix:${outer}`, `unix:${inner}`);
    expect(on.proxy.listen).toBe(`unix:${outer}`);
    const client = connect({ path: outer });
    const sent = pattern(3_000_000);
    const received = readToEnd(client);
    client.end(sent);
    expect((await received).equals(sent)).toBe(true);
    await until('it is over', () => on.daemon.connections === 0);
    await on.daemon.removeProxy('p');
    expect(existsSync(outer)).toBe(false);
    server.close();
  });

  test('is cut, though it knows no RST, and its connections are listed without an address', async () => {
    const path = freshPath();
    await using server = await echo();
    await using on = await proxyFrom(`unix:${path}`, `127.0.0.1:${server.port}`);
    const client = connect({ path });
    client.write('x');
    await readBytes(client, 1);
    const [connection] = on.daemon.connectionsOf('p', { after: 0, max: 1 });
    expect(connection).toMatchObject({ connection: 1, bytesUp: 1, source: undefined });
    const ended = readToEnd(client);
    on.daemon.kill('p', 1);
    await ended;
    client.destroy();
    await until('the callee is told', () => server.accepted.every((socket) => socket.destroyed));
  });

  test('that a dead process has left is taken over', async () => {
    const path = freshPath();
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    expect(existsSync(path)).toBe(true);
    const listener = await openListener({ path }, (connection) => connection.refuse());
    await listener.close();
  });

  test('that somebody listens on is left to them, and so is a file that is none', async () => {
    const path = freshPath();
    const server = await echoAt(path);
    await expect(openListener({ path }, () => {})).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
    const client = connect({ path });
    client.write('x');
    expect(String(await readBytes(client, 1))).toBe('x');
    client.destroy();
    server.close();
    const file = freshPath();
    writeFileSync(file, 'precious');
    await expect(openListener({ path: file }, () => {})).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
    expect(existsSync(file)).toBe(true);
  });

  test('on which nobody listens ends the connection that wanted to go there', async () => {
    await using on = await proxyFrom('127.0.0.1:0', `unix:${freshPath()}`);
    const client = connect({ host: '127.0.0.1', port: Number(on.proxy.listen.split(':')[1]) });
    await closeCode(client);
    const { observations } = await on.daemon.observations.readOrWait({ after: 0, max: 10, waitMs: 1_000 });
    expect(observations).toContainEqual(expect.objectContaining({ end: 'connectFailed' }));
  });
});

const hasIPv6 = await new Promise<boolean>((resolve) => {
  const server = net.createServer();
  server.once('error', () => resolve(false));
  server.listen(0, '::1', () => server.close(() => resolve(true)));
});

describe('addresses of both families', () => {
  test.skipIf(!hasIPv6).each(['[::]:0', ':0'])('%s is reached by either, and callers by IPv4 are told as such', async (listen) => {
    await using server = await echo();
    await using on = await proxyFrom(listen, `127.0.0.1:${server.port}`);
    const port = Number(on.proxy.listen.slice(on.proxy.listen.lastIndexOf(':') + 1));
    for (const host of ['127.0.0.1', '::1']) {
      const client = connect({ host, port });
      client.write('x');
      expect(String(await readBytes(client, 1))).toBe('x');
      const [connection] = on.daemon.connectionsOf('p', { after: 0, max: 1 });
      expect(connection?.source).toBe(host);
      client.destroy();
      await until('it is gone', () => on.daemon.connections === 0);
    }
  });

  test('a name is resolved, whichever family it has', async () => {
    await using server = await echo();
    await using on = await proxyFrom('localhost:0', `localhost:${server.port}`);
    const client = connect({ host: 'localhost', port: Number(on.proxy.listen.split(':')[1]) });
    client.write('x');
    expect(String(await readBytes(client, 1))).toBe('x');
    client.destroy();
  });
});
