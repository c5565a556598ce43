/** The TCP faults on real sockets: what two programs that talk through a proxy see of each. Times are lower bounds; order and bytes are exact. */
import { once } from 'node:events';
import type net from 'node:net';
import { describe, expect, test } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import {
  activeFault,
  closeCode,
  closedPort,
  echo,
  type ProxyUnderTest,
  pattern,
  readBytes,
  readToEnd,
  resetCode,
  serve,
  tcpProxyTo,
  until,
  wait,
} from '../support/tcp.js';

/** Sends bytes as long as it is there. */
function source(bytes: Buffer) {
  return serve((socket) => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(bytes));
    };
    socket.on('drain', more);
    more();
  });
}

/** Swallows everything and says nothing. */
function sink() {
  return serve((socket) => socket.resume());
}

async function echoes(client: net.Socket, text: string): Promise<void> {
  const answer = readBytes(client, text.length);
  client.write(text);
  expect((await answer).toString()).toBe(text);
}

/** A clean end: no error, at both. */
async function bothClose(client: net.Socket, server: net.Socket | undefined): Promise<readonly (string | undefined)[]> {
  if (server === undefined) throw new Error('the callee was not dialled');
  const codes = [closeCode(client), closeCode(server)];
  for (const socket of [client, server]) socket.once('end', () => socket.end());
  return Promise.all(codes);
}

describe('bandwidth', () => {
  test('takes its time, and changes nothing', async () => {
    const sent = pattern(480_000);
    await using server = await serve((socket) => socket.end(sent));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'bandwidth', value: { rate: '1000KB/s' } })]);
    const startMs = hostClock.nowMs();
    expect((await readToEnd(link.dial())).equals(sent)).toBe(true);
    expect(hostClock.nowMs() - startMs).toBeGreaterThanOrEqual(480);
    // At a tenth of the rate it would take 5 s; a busy machine stalls for less.
    expect(hostClock.nowMs() - startMs).toBeLessThan(4_000);
  });

  test('shared by the proxy, two connections take as long as one with both their bytes', async () => {
    const sent = pattern(200_000);
    await using server = await serve((socket) => socket.end(sent));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'bandwidth', value: { rate: '1MB/s', share: 'proxy' } })]);
    const startMs = hostClock.nowMs();
    const took = await Promise.all(
      [1, 2].map(async () => {
        expect((await readToEnd(link.dial())).equals(sent)).toBe(true);
        return hostClock.nowMs() - startMs;
      }),
    );
    expect(Math.max(...took)).toBeGreaterThanOrEqual(400);
    expect(Math.min(...took), 'they take turns').toBeGreaterThanOrEqual(300);
  });

  test('a rate of 0 under a sender, with nobody who reads, can be removed', async () => {
    await using server = await source(Buffer.alloc(64 * 1024));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'bandwidth', value: { rate: '0KB/s' } })]);
    link.dial().pause();
    await until('the bound is reached', () => link.proxy.stats().heldBytes > 1024 * 1024);
    link.proxy.setFaults([]);
    link.proxy.setFaults([activeFault({ type: 'noop' })]);
    expect(link.proxy.stats().connections).toBe(1);
  });
});

describe('latency', () => {
  test('of a long path keeps the bytes of many slow readers apart', async () => {
    const size = 12_000_000;
    let next = 0;
    await using server = await serve((socket) => socket.end(pattern(size, next++)));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'latency', value: { latency: '30ms' } })]);
    const results = Array.from({ length: 8 }, async () => {
      const client = link.dial();
      const received: Buffer[] = [];
      client.on('data', (bytes: Buffer) => {
        received.push(bytes);
        if (received.length % 16 !== 0) return;
        client.pause();
        setTimeout(() => client.resume(), 2);
      });
      await once(client, 'end');
      const all = Buffer.concat(received);
      return Array.from({ length: 8 }, (_, stream) => stream).some((stream) => all.equals(pattern(size, stream)));
    });
    expect(await Promise.all(results)).toEqual(Array.from({ length: 8 }, () => true));
  }, 60_000);

  test('lets a stream through at more than a bound of 1 MiB in 100 ms would', async () => {
    await using server = await source(Buffer.alloc(256 * 1024));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'latency', value: { latency: '100ms' } })]);
    const client = link.dial();
    client.resume();
    await once(client, 'data');
    const before = client.bytesRead;
    await wait(500);
    expect(client.bytesRead - before).toBeGreaterThan(10 * 1024 * 1024);
  });

  test('comes and goes under 65,535 small messages, and none is lost or overtaken', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    const sent = Buffer.alloc(2 * 65_535);
    for (let i = 0; i < 65_535; i++) sent.writeUInt16BE(i, 2 * i);
    const received = readToEnd(client);
    const slow = activeFault({ type: 'latency', direction: 'both', value: { latency: '1s' } });
    for (let i = 0; i < 65_535; i++) {
      client.write(sent.subarray(2 * i, 2 * i + 2));
      if (i % 500 === 0) link.proxy.setFaults((i / 500) % 2 === 0 ? [slow] : []);
      if (i % 2_000 === 0) await wait(1);
    }
    client.end();
    link.proxy.setFaults([]);
    expect((await received).equals(sent)).toBe(true);
  });

  test('put on and taken off around short connections, hundreds of times, leaves nothing behind', async () => {
    await using server = await sink();
    await using link = await tcpProxyTo(server.port);
    for (let i = 0; i < 300; i++) {
      link.proxy.setFaults([activeFault({ type: 'latency', direction: 'up', value: { latency: '5ms' } })]);
      link.dial().end('hello');
      if (i % 10 === 0) await wait(1);
      link.proxy.setFaults([]);
    }
    for (const socket of server.accepted) socket.end();
    await until('all have been dialled and ended', () => {
      for (const socket of server.accepted) socket.end();
      return link.connections.length === 300;
    });
    expect(link.proxy.stats()).toMatchObject({ connections: 0, heldBytes: 0 });
  });
});

describe('slicer', () => {
  test.each([{ averageSize: '1000B', sizeVariation: '1000B' }, { averageSize: '64B', sizeVariation: '1MB' }, { averageSize: '1B' }])(
    '%j gives the same bytes',
    async (value) => {
      const sent = pattern(100_000);
      await using server = await serve((socket) => socket.end(sent));
      await using link = await tcpProxyTo(server.port);
      link.proxy.setFaults([activeFault({ type: 'slicer', value })]);
      expect((await readToEnd(link.dial())).equals(sent)).toBe(true);
    },
  );

  test('before a client that never reads costs bounded memory', async () => {
    await using server = await source(Buffer.alloc(256 * 1024));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'slicer', value: { averageSize: '16B' } })]);
    link.dial().pause();
    await until('the bound is reached', () => link.proxy.stats().heldBytes > 1024 * 1024, 15_000);
    await wait(100);
    expect(link.proxy.stats().heldBytes).toBeLessThan(4 * 1024 * 1024);
  }, 20_000);
});

describe('stall', () => {
  test('swallows what is sent that way only, and closes both in order after a silence', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await echoes(client, 'before');
    link.proxy.setFaults([activeFault({ type: 'stall', value: { timeout: '150ms' } })]);
    client.write('swallowed on the way back');
    expect(await bothClose(client, server.accepted[0])).toEqual([undefined, undefined]);
    expect(client.bytesRead).toBe('before'.length);
    await until('the connection is recorded', () => link.connections[0]?.end === 'faultClosed');
  });

  test('closes both in order when it is removed', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await echoes(client, 'before');
    link.proxy.setFaults([activeFault({ type: 'stall' })]);
    client.write('swallowed');
    await wait(50);
    const closed = bothClose(client, server.accepted[0]);
    link.proxy.setFaults([]);
    expect(await closed).toEqual([undefined, undefined]);
  });

  test('does not keep a latency in front of it from being removed, under traffic', async () => {
    await using server = await source(Buffer.alloc(64 * 1024));
    await using link = await tcpProxyTo(server.port);
    const slow = activeFault({ type: 'latency', value: { latency: '50ms' } });
    const stall = activeFault({ type: 'stall' });
    link.proxy.setFaults([slow, stall]);
    link.dial().resume();
    await until('bytes are held', () => link.proxy.stats().heldBytes > 0);
    link.proxy.setFaults([stall]);
    expect(link.proxy.stats().heldBytes).toBe(0);
  });
});

describe('limitData', () => {
  test('gives exactly so many bytes, then both are closed in order', async () => {
    const sent = pattern(500_000);
    await using server = await serve((socket) => {
      socket.once('data', () => socket.write(sent));
      socket.once('end', () => socket.end());
    });
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'limitData', value: { bytes: '123457B' } })]);
    const client = link.dial();
    client.write('go');
    expect((await readToEnd(client)).equals(sent.subarray(0, 123_457))).toBe(true);
    client.end();
    await until('the connection is recorded', () => link.connections[0]?.end === 'faultClosed');
  });
});

describe('reset', () => {
  test.each(['up', 'down'] as const)('on the first data %s is a RST to both, after its time', async (direction) => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'reset', direction, value: { trigger: 'data', after: '100ms' } })]);
    const client = link.dial();
    await until('the callee is dialled', () => server.accepted.length === 1);
    await wait(50);
    expect(link.connections).toHaveLength(0);
    const codes = [closeCode(client), closeCode(server.accepted[0] as net.Socket)];
    const startMs = hostClock.nowMs();
    client.write('hello');
    expect(await Promise.all(codes)).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(hostClock.nowMs() - startMs).toBeGreaterThanOrEqual(100);
  });

  test('after so many bytes cuts a stream in the middle', async () => {
    await using server = await source(pattern(64 * 1024));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'reset', direction: 'down', value: { afterBytes: '1MB' } })]);
    const client = link.dial();
    expect(await resetCode(client)).toMatch(/^(ECONNRESET|EPIPE)$/);
    await until('the connection is recorded', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({ end: 'faultReset', bytesDown: 1_000_000 });
  });
});

describe('openings', () => {
  test('refuse leaves nobody at the port for newcomers, lets nobody through on the way there, and leaves the others alone', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const existing = link.dial();
    await echoes(existing, 'before');
    link.proxy.setFaults([activeFault({ type: 'refuse' })]);
    expect(['ECONNRESET', 'ECONNREFUSED']).toContain(await closeCode(link.dial()));
    await refused(link);
    expect(server.accepted).toHaveLength(1);
    await echoes(existing, 'still here');
    link.proxy.setFaults([]);
    await reachable(link);
    await echoes(existing, 'and after');
  });

  test.each([{ value: { at: 'connection' } }, { percentage: 99.999 }, { source: '127.0.0.0/8' }])(
    'refuse with %j cuts newcomers undialled, and counts them',
    async (given) => {
      await using server = await echo();
      await using link = await tcpProxyTo(server.port);
      const fault = activeFault({ type: 'refuse', ...given });
      link.proxy.setFaults([fault]);
      await wait(30);
      expect(await closeCode(link.dial())).toBe('ECONNRESET');
      expect(server.accepted).toHaveLength(0);
      expect(fault.counts).toMatchObject({ matched: 1, applied: 1 });
    },
  );

  test('refuse follows a fault that is changed, and a proxy that starts under it', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const fault = activeFault({ type: 'refuse', percentage: 0 });
    link.proxy.setFaults([fault]);
    await reachable(link);
    fault.change({ percentage: 100 }, hostClock.nowMs());
    link.proxy.setFaults([fault]);
    await refused(link);
    fault.change({ percentage: 0 }, hostClock.nowMs());
    link.proxy.setFaults([fault]);
    await reachable(link);
  });

  test('slowOpen dials late, and delays nothing afterwards', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'slowOpen', value: { delay: '150ms' } })]);
    const client = link.dial();
    const startMs = hostClock.nowMs();
    await echoes(client, 'late');
    expect(hostClock.nowMs() - startMs).toBeGreaterThanOrEqual(150);
    expect(Math.min(await roundTripMs(client), await roundTripMs(client))).toBeLessThan(150);
  });

  test('slowOpen that hangs lets no connect through, and everybody when it is removed', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'slowOpen', value: { hang: true } })]);
    const hung = await unanswered(link);
    await wait(200);
    expect(hung.connecting).toBe(true);
    expect(server.accepted).toHaveLength(0);
    link.proxy.setFaults([]);
    await reachable(link);
  });

  test('slowOpen that hangs at the connection dials when it is removed', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'slowOpen', value: { hang: true, at: 'connection' } })]);
    const client = link.dial();
    const answer = readBytes(client, 5);
    client.write('hello');
    await wait(50);
    expect(server.accepted).toHaveLength(0);
    link.proxy.setFaults([]);
    expect((await answer).toString()).toBe('hello');
  });
});

/** Newcomers are refused, now or soon. */
async function refused(link: ProxyUnderTest): Promise<void> {
  while ((await closeCode(link.dial())) !== 'ECONNREFUSED') await wait(2);
}

/** A newcomer whose connect gets no answer, now or soon. */
async function unanswered(link: ProxyUnderTest): Promise<net.Socket> {
  for (;;) {
    const client = link.dial();
    await wait(100);
    if (client.connecting) return client;
  }
}

/** Newcomers get through, now or soon. */
async function reachable(link: ProxyUnderTest): Promise<void> {
  for (;;) {
    const client = link.dial();
    const answer = readBytes(client, 2);
    client.write('hi');
    if (await Promise.race([answer.then(String, () => undefined), wait(500)])) return;
  }
}

async function roundTripMs(client: net.Socket): Promise<number> {
  const startMs = hostClock.nowMs();
  await echoes(client, 'x');
  return hostClock.nowMs() - startMs;
}

describe('ends', () => {
  test('slowClose tells the end late, the bytes at once', async () => {
    await using server = await serve((socket) => socket.end('bye'));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'slowClose', value: { delay: '150ms' } })]);
    const client = link.dial();
    await once(client, 'data');
    const startMs = hostClock.nowMs();
    await once(client, 'end');
    // The end may have come a little before the bytes were seen here.
    expect(hostClock.nowMs() - startMs).toBeGreaterThan(75);
  });

  test('halfOpen tells nobody of anything; the machine that comes back resets', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await echoes(client, 'before');
    link.proxy.setFaults([activeFault({ type: 'halfOpen' })]);
    client.end('into the void');
    let isHeard = false;
    server.accepted[0]?.once('end', () => {
      isHeard = true;
    });
    await wait(100);
    expect(isHeard).toBe(false);
    const codes = [closeCode(client), closeCode(server.accepted[0] as net.Socket)];
    link.proxy.setFaults([]);
    expect(await Promise.all(codes)).toEqual(['ECONNRESET', 'ECONNRESET']);
  });
});

describe('the RST of a peer', () => {
  test.each(['up', 'down'] as const)('%s is kept from the other side by a blackhole, and told when that goes', async (direction) => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await echoes(client, 'before');
    const callee = server.accepted[0] as net.Socket;
    const [gone, other] = direction === 'up' ? [client, callee] : [callee, client];
    link.proxy.setFaults([activeFault({ type: 'blackhole', direction })]);
    const code = closeCode(other);
    gone.resetAndDestroy();
    await wait(100);
    expect(other.closed).toBe(false);
    expect(link.connections).toHaveLength(0);
    link.proxy.setFaults([]);
    expect(await code).toBe('ECONNRESET');
    await until('it is recorded', () => link.connections[0]?.end === (direction === 'up' ? 'clientReset' : 'upstreamReset'));
  });

  test('is told at once against the way of a blackhole', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await echoes(client, 'before');
    link.proxy.setFaults([activeFault({ type: 'blackhole', direction: 'up' })]);
    const code = closeCode(client);
    server.accepted[0]?.resetAndDestroy();
    expect(await code).toBe('ECONNRESET');
  });

  test('is as late as the bytes before it', async () => {
    await using server = await serve((socket) => socket.write('last words', () => socket.resetAndDestroy()));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'latency', value: { latency: '150ms' } })]);
    const startMs = hostClock.nowMs();
    expect(await closeCode(link.dial())).toBe('ECONNRESET');
    expect(hostClock.nowMs() - startMs).toBeGreaterThanOrEqual(150);
  });

  test('a refused dial is kept from the caller by a blackhole on the way back', async () => {
    await using link = await tcpProxyTo(await closedPort());
    link.proxy.setFaults([activeFault({ type: 'blackhole', direction: 'down' })]);
    const client = link.dial();
    const code = closeCode(client);
    await wait(100);
    expect(client.closed).toBe(false);
    link.proxy.setFaults([]);
    expect(await code).toBe('ECONNRESET');
    await until('it is recorded', () => link.connections[0]?.end === 'connectFailed');
  });

  test('is never heard of while the peer is half open, and both gone is the end', async () => {
    await using server = await echo();
    await using link = await tcpProxyTo(server.port);
    const client = link.dial();
    await echoes(client, 'before');
    const callee = server.accepted[0] as net.Socket;
    link.proxy.setFaults([activeFault({ type: 'halfOpen' })]);
    client.resetAndDestroy();
    await wait(50);
    expect(callee.closed).toBe(false);
    callee.resetAndDestroy();
    await until('it is recorded', () => link.connections[0]?.end === 'clientReset');
    expect(link.proxy.stats().connections).toBe(0);
  });
});

describe('a poor path', () => {
  test('corrupt changes the bytes that the seed names, and none is missing', async () => {
    const sent = pattern(1_000_000);
    await using server = await serve((socket) => socket.end(sent));
    await using link = await tcpProxyTo(server.port);
    const received = async (): Promise<readonly number[]> => {
      link.proxy.setFaults([activeFault({ type: 'corrupt', keyBy: 'instance', value: { rate: '0.1%', afterBytes: '1KB' } })]);
      const bytes = await readToEnd(link.dial());
      expect(bytes).toHaveLength(sent.length);
      return Array.from(bytes.entries()).flatMap(([at, byte]) => (byte === sent[at] ? [] : [at]));
    };
    const hit = await received();
    expect(hit.length).toBeGreaterThan(800);
    expect(hit.length).toBeLessThan(1_200);
    expect(Math.min(...hit)).toBeGreaterThanOrEqual(1_000);
  });

  test('loss and flap delay a stream, and all of it arrives', async () => {
    const sent = pattern(300_000);
    await using server = await serve((socket) => socket.end(sent));
    await using link = await tcpProxyTo(server.port);
    link.proxy.setFaults([
      activeFault({ type: 'loss', value: { rate: '2%', burst: 2, rto: '20ms' } }),
      activeFault({ type: 'flap', direction: 'down', value: { up: '30ms', down: '20ms' } }),
    ]);
    const startMs = hostClock.nowMs();
    expect((await readToEnd(link.dial())).equals(sent)).toBe(true);
    expect(hostClock.nowMs() - startMs).toBeGreaterThanOrEqual(20);
  });
});

test('maxActive holds so many connections at a time; one that ends makes room', async () => {
  await using server = await echo();
  await using link = await tcpProxyTo(server.port);
  const fault = activeFault({ type: 'blackhole', maxActive: 1, connections: 'new' }, { sinceMs: 0 });
  link.proxy.setFaults([fault]);
  const held = link.dial();
  await expect.poll(() => fault.counts.applied).toBe(1);
  await echoes(link.dial(), 'goes by');
  held.resetAndDestroy();
  await expect.poll(() => link.connections.length).toBe(1);
  link.dial();
  await expect.poll(() => fault.counts).toMatchObject({ matched: 3, applied: 2, skipped: 0, overflow: 1 });
});

test('one connection echoes on while faults that change nothing come and go', async () => {
  await using server = await echo();
  await using link = await tcpProxyTo(server.port);
  const client = link.dial();
  for (let i = 0; i < 100; i++) {
    link.proxy.setFaults(i % 2 === 0 ? [activeFault({ type: 'noop', direction: i % 4 === 0 ? 'up' : 'both' })] : []);
    await echoes(client, `message ${i}`);
  }
});

test('a list changed a thousand times while data flows loses nothing', async () => {
  await using server = await echo();
  await using link = await tcpProxyTo(server.port);
  const client = link.dial();
  const sent = pattern(4_000_000);
  const received = readToEnd(client);
  client.end(sent);
  const harmless = [
    activeFault({ type: 'latency', direction: 'both', value: { latency: '1ms', jitter: '1ms' } }),
    activeFault({ type: 'slicer', direction: 'both', value: { averageSize: '4KB', sizeVariation: '1KB' } }),
    activeFault({ type: 'bandwidth', direction: 'both', value: { rate: '200MB/s' } }),
    activeFault({ type: 'loss', direction: 'both', value: { rate: '1%', rto: '2ms' } }),
    activeFault({ type: 'flap', value: { up: '3ms', down: '1ms' } }),
  ];
  for (let i = 0; i < 1_000; i++) {
    link.proxy.setFaults(harmless.filter((_, at) => ((i * 2_654_435_761) >>> (at + 3)) % 2 === 0));
    if (i % 5 === 0) await wait(1);
  }
  link.proxy.setFaults([]);
  expect((await received).equals(sent)).toBe(true);
});
