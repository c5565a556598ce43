import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type net from 'node:net';
import { describe, expect, test } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import {
  activeFault,
  closeCode,
  closedPort,
  dial,
  echo,
  pattern,
  readBytes,
  readToEnd,
  serve,
  tcpProxyTo,
  until,
  untilEmpty,
  wait,
} from '../support/tcp.js';

/** Sends and waits for the same back; returns how long it took. */
async function roundTripMs(client: net.Socket, bytes: Buffer): Promise<number> {
  const startMs = hostClock.nowMs();
  const answer = readBytes(client, bytes.length);
  client.write(bytes);
  expect((await answer).equals(bytes)).toBe(true);
  return hostClock.nowMs() - startMs;
}

describe('without faults', () => {
  test('bytes and half-closes go through in both directions', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const sent = pattern(3_000_000);
    const client = link.dial();
    client.end(sent);
    expect((await readToEnd(client)).equals(sent)).toBe(true);
    await until('the connection is recorded', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({ link: 'a->b', from: 'a', to: 'b', connection: 1, end: 'closed', bytesUp: sent.length });
    expect(link.connections[0]?.bytesDown).toBe(sent.length);
    expect(link.connections[0]?.matched).toBeUndefined();
    expect(link.proxy.stats()).toEqual({
      connections: 0,
      connectionsTotal: 1,
      bytesUp: sent.length,
      bytesDown: sent.length,
      heldBytes: 0,
      receivedUp: sent.length,
      receivedDown: sent.length,
    });
  });

  test('a callee that half-closes first still hears the caller out', async () => {
    let heard: Promise<Buffer> | undefined;
    await using server = await serve((socket) => {
      socket.end('bye');
      heard = readToEnd(socket);
    });
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    expect((await readToEnd(client)).toString()).toBe('bye');
    client.end('still here');
    expect((await heard)?.toString()).toBe('still here');
    await until('the connection is recorded', () => link.connections[0]?.end === 'closed');
  });

  test('a RST of the caller reaches the callee', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await roundTripMs(client, Buffer.from('hello'));
    const code = closeCode(server.accepted[0] as net.Socket);
    client.resetAndDestroy();
    expect(await code).toBe('ECONNRESET');
    await until('the connection is recorded', () => link.connections[0]?.end === 'clientReset');
  });

  test('a RST of the callee reaches the caller', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await roundTripMs(client, Buffer.from('hello'));
    const code = closeCode(client);
    server.accepted[0]?.resetAndDestroy();
    expect(await code).toBe('ECONNRESET');
    await until('the connection is recorded', () => link.connections[0]?.end === 'upstreamReset');
  });

  test('a callee that refuses is a RST to the caller', async () => {
    await using link = await tcpProxyTo(await closedPort());
    const client = link.dial();
    client.write('anybody there?');
    expect(await closeCode(client)).toBe('ECONNRESET');
    await until('the connection is recorded', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({ end: 'connectFailed', bytesDown: 0 });
  });

  test('a listening address that is taken is refused with a sentence', async () => {
    await using server = await echo();
    await using first = await tcpProxyTo(server.port);
    const { TcpProxy } = await import('../../src/dataplane/tcp-proxy.js');
    const second = new TcpProxy({ clock: hostClock, record: () => {} }, { ...first.proxy.spec, listen: first.proxy.address });
    await expect(second.listen()).rejects.toMatchObject({ code: 'LISTEN_FAILED', details: { address: first.proxy.address } });
    await second.close();
  });

  test('a connection beyond the bound is reset, and the port goes on', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port, { connectionsMax: 1 });
    const first = link.dial();
    await roundTripMs(first, Buffer.from('one'));
    expect(await closeCode(link.dial())).toBe('ECONNRESET');
    first.destroy();
    await untilEmpty(link);
    await roundTripMs(link.dial(), Buffer.from('two'));
  });

  test('a caller that never reads stops the callee, and costs bounded memory', async () => {
    let sentBytes = 0;
    const chunk = Buffer.alloc(64 * 1024, 'x');
    await using server = await serve((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk)) sentBytes += chunk.length;
      };
      socket.on('drain', more);
      more();
    });
    await using link = await tcpProxyTo(server.port);
    link.dial().pause();
    const passed = async (): Promise<number> => {
      const before = link.proxy.stats().bytesDown;
      await wait(100);
      return link.proxy.stats().bytesDown - before;
    };
    await until('something is sent', () => sentBytes > 0);
    for (let i = 0; i < 20 && (await passed()) > 0; i++);
    const stoppedAt = link.proxy.stats().bytesDown;
    expect(await passed(), 'the callee has been stopped').toBe(0);
    // What the kernel takes on both sockets, and one read of ours.
    expect(stoppedAt).toBeLessThan(32 * 1024 * 1024);
  });

  test('many connections at once keep their bytes apart', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const results = Array.from({ length: 200 }, async (_, stream) => {
      const client = link.dial();
      const sent = pattern(20_000, stream);
      client.end(sent);
      return (await readToEnd(client)).equals(sent);
    });
    expect(await Promise.all(results)).not.toContain(false);
    await until('all are recorded', () => link.connections.length === 200);
    expect(new Set(link.connections.map((c) => c.connection)).size).toBe(200);
  });

  test('closing resets what is open and frees the port', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await roundTripMs(client, Buffer.from('hello'));
    const code = closeCode(client);
    const port = Number(link.proxy.address.split(':')[1]);
    await link.proxy.close();
    expect(await code).toBe('ECONNRESET');
    expect(link.connections[0]?.end).toBe('proxyClosed');
    expect(await closeCode(dial(port))).toBe('ECONNREFUSED');
  });
});

describe('latency', () => {
  const latency = (direction: 'up' | 'down' | 'both') => activeFault({ type: 'latency', direction, value: { latency: '60ms' } });

  test.each(['up', 'down'] as const)('%s is never early, on existing and on new connections', async (direction) => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const existing = link.dial();
    await roundTripMs(existing, Buffer.from('before'));
    link.proxy.setFaults([latency(direction)]);
    for (let i = 0; i < 3; i++) expect(await roundTripMs(existing, Buffer.from(`during ${i}`))).toBeGreaterThanOrEqual(60);
    expect(await roundTripMs(link.dial(), Buffer.from('new'))).toBeGreaterThanOrEqual(60);
  });

  test('leaves the other connections alone when only some are wanted', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const existing = link.dial();
    await roundTripMs(existing, Buffer.from('before'));
    link.proxy.setFaults([activeFault({ type: 'blackhole', connections: 'new' })]);
    await roundTripMs(existing, Buffer.from('still here'));
    existing.end();
    await until('the connection is recorded', () => link.connections.length === 1);
    expect(link.connections[0]?.matched).toBeUndefined();
  });

  test('comes and goes under a running stream without losing or reordering a byte', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    const sent = pattern(8_000_000);
    const received = readToEnd(client);
    const toggling = (async () => {
      for (let i = 0; i < 20; i++) {
        const jittery = activeFault({ type: 'latency', direction: 'both', value: { latency: '2ms', jitter: '2ms' } });
        link.proxy.setFaults(i % 2 === 0 ? [jittery] : []);
        await wait(3);
      }
      link.proxy.setFaults([]);
    })();
    for (let at = 0; at < sent.length; at += 50_000) {
      if (!client.write(sent.subarray(at, at + 50_000))) await once(client, 'drain');
    }
    client.end();
    await toggling;
    expect((await received).equals(sent)).toBe(true);
    await until('the connection is recorded', () => link.connections[0]?.end === 'closed');
    expect(link.connections[0]?.applied).toContain('latency');
  });
});

describe('blackhole', () => {
  test.each(['up', 'down', 'both'] as const)('%s holds an existing connection and lets it go on unharmed', async (direction) => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await roundTripMs(client, Buffer.from('before'));
    link.proxy.setFaults([activeFault({ type: 'blackhole', direction })]);
    const sent = pattern(300_000);
    const received = readToEnd(client);
    client.end(sent);
    let isDone = false;
    received.then(
      () => {
        isDone = true;
      },
      () => {},
    );
    await until('bytes are held', () => link.proxy.stats().heldBytes === sent.length);
    await wait(50);
    expect(isDone, 'nothing may come through').toBe(false);
    link.proxy.setFaults([]);
    expect((await received).equals(sent)).toBe(true);
    expect(link.proxy.stats().heldBytes).toBe(0);
  });

  test('up accepts a new connection and does not dial until it is removed', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'blackhole', direction: 'up' })]);
    const client = link.dial();
    await once(client, 'connect');
    const answer = readBytes(client, 5);
    client.write('hello');
    await until('the bytes are held', () => link.proxy.stats().heldBytes === 5);
    expect(server.accepted).toHaveLength(0);
    link.proxy.setFaults([]);
    expect((await answer).toString()).toBe('hello');
  });

  test('down lets the callee hear and the caller wait', async () => {
    const heard: Buffer[] = [];
    await using server = await serve((socket) => {
      socket.on('data', (bytes) => heard.push(bytes));
      socket.pipe(socket);
    });
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'blackhole', direction: 'down' })]);
    const client = link.dial();
    client.write('hello');
    await until('the callee has heard', () => Buffer.concat(heard).toString() === 'hello');
    await until('the answer is held', () => link.proxy.stats().heldBytes === 5);
    expect(client.bytesRead).toBe(0);
  });

  test('stops a sender at the bound, and starts it again', async () => {
    await using server = await echo();
    const heldBytesMax = 256 * 1024;
    await using link = await tcpProxyTo(server.port, { heldBytesMax });
    link.proxy.setFaults([activeFault({ type: 'blackhole', direction: 'up' })]);
    const client = link.dial();
    const sent = pattern(20_000_000);
    const received = readToEnd(client);
    client.end(sent);
    await until('the bound is reached', () => link.proxy.stats().heldBytes > heldBytesMax);
    await wait(50);
    expect(link.proxy.stats().heldBytes).toBeLessThanOrEqual(heldBytesMax + 256 * 1024);
    link.proxy.setFaults([]);
    expect((await received).equals(sent)).toBe(true);
  });

  test('a caller that resets meanwhile is let go', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'blackhole' })]);
    const client = link.dial();
    await once(client, 'connect');
    client.resetAndDestroy();
    await until('the connection is recorded', () => link.connections[0]?.end === 'clientReset');
    expect(server.accepted).toHaveLength(0);
    expect(link.connections[0]).toMatchObject({ matched: ['blackhole'], applied: ['blackhole'] });
  });
});

describe('reset', () => {
  test('cuts existing connections at once, on both sides', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await roundTripMs(client, Buffer.from('hello'));
    const codes = [closeCode(client), closeCode(server.accepted[0] as net.Socket)];
    link.proxy.setFaults([activeFault({ type: 'reset' })]);
    expect(await Promise.all(codes)).toEqual(['ECONNRESET', 'ECONNRESET']);
    await until('the connection is recorded', () => link.connections[0]?.end === 'faultReset');
  });

  test.each(['up', 'down', 'both'] as const)('%s cuts new connections, and none is dialled', async (direction) => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'reset', direction })]);
    expect(await closeCode(link.dial())).toBe('ECONNRESET');
    expect(server.accepted).toHaveLength(0);
    link.proxy.setFaults([]);
    await roundTripMs(link.dial(), Buffer.from('healed'));
  });

  test('after a while lets bytes through until then, and is forgotten when it is removed in time', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    link.proxy.setFaults([activeFault({ type: 'reset', value: { after: '300ms' } })]);
    await roundTripMs(client, Buffer.from('alive'));
    link.proxy.setFaults([]);
    await wait(350);
    await roundTripMs(client, Buffer.from('and well'));
    link.proxy.setFaults([activeFault({ type: 'reset', value: { after: '30ms' } })]);
    expect(await closeCode(client)).toBe('ECONNRESET');
  });

  test('takes the share of connections that was asked for, and the same ones each time', async () => {
    await using server = await echo();
    const cutOf = async (percentage: number): Promise<readonly number[]> => {
      await using link = await tcpProxyTo(server.port);
      link.proxy.setFaults([activeFault({ type: 'reset', percentage, seed: 7 })]);
      for (let i = 0; i < 60; i++) {
        const client = link.dial();
        client.end();
        await closeCode(client);
      }
      await until('all are recorded', () => link.connections.length === 60);
      return link.connections.filter((c) => c.end === 'faultReset').map((c) => c.connection);
    };
    const some = await cutOf(30);
    expect(some.length).toBeGreaterThan(5);
    expect(some.length).toBeLessThan(40);
    expect(await cutOf(30)).toEqual(some);
    expect(await cutOf(60)).toEqual(expect.arrayContaining([...some]));
  });
});

describe('a callee whose backlog is full', () => {
  /** Listens with the shortest backlog and then stops; connections are made to it until one hangs. */
  async function fullBacklog() {
    const script = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); })`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const port = Number(String((await once(child.stdout, 'data'))[0]));
    child.kill('SIGSTOP');
    const fillers: net.Socket[] = [];
    for (let isFull = false; !isFull && fillers.length < 10; ) {
      const filler = dial(port);
      fillers.push(filler);
      isFull = await Promise.race([once(filler, 'connect').then(() => false), wait(100).then(() => true)]);
    }
    expect(fillers.length).toBeLessThan(10);
    return {
      port,
      [Symbol.asyncDispose]: async () => {
        for (const filler of fillers) filler.destroy();
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      },
    };
  }

  test('keeps nobody else waiting, and its own callers for no longer than the dial may take', async () => {
    await using full = await fullBacklog();
    await using server = await echo();
    await using stuck = await tcpProxyTo(full.port, { connectTimeoutMs: 700 });
    await using free = await tcpProxyTo(server.port);
    const codes = Array.from({ length: 50 }, () => closeCode(stuck.dial()));
    await until('all of them wait', () => stuck.proxy.stats().connections === 50);
    const bytes = Buffer.from('through');
    for (let i = 0; i < 10; i++) expect(await roundTripMs(free.dial(), bytes)).toBeLessThan(500);
    expect(stuck.proxy.stats().connections).toBe(50);
    expect(new Set(await Promise.all(codes))).toEqual(new Set(['ECONNRESET']));
    await until('all are recorded', () => stuck.connections.length === 50);
    expect(stuck.connections.every(({ end, startMs, endMs }) => end === 'connectFailed' && endMs - startMs >= 700)).toBe(true);
  });
});
