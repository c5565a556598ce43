import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { Client } from 'undici';
import { describe, expect, it } from 'vitest';
import { HttpProxy } from '../../src/dataplane/http-proxy.js';
import { countingUpstream, get, httpProxyTo, rawUpstream, Transcript } from '../support/http.js';
import { activeFault, closeCode, closedPort, pattern, serve, until, untilEmpty, wait } from '../support/tcp.js';

const PUT = 'PUT / HTTP/1.1\r\nHost: b\r\nContent-Length: 10\r\n\r\n';

/** Starts a node:http server on a free port and closes it at the end. */
async function nodeServer(handle: http.RequestListener): Promise<{ port: number; sockets: Set<net.Socket> } & AsyncDisposable> {
  const server = http.createServer(handle);
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    sockets,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('an HTTP link', () => {
  it('dials the callee once per caller connection, and not before the first request', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const [idle, first, second] = [link.dial(), new Transcript(link.dial()), new Transcript(link.dial())];
    await once(idle, 'connect');
    for (const caller of [first, second]) {
      caller.socket.write(get('/1'));
      await caller.includes('answer 1');
      caller.socket.write(get('/2'));
      await caller.includes('answer 2');
    }
    expect(upstream.accepted).toHaveLength(2);
    expect(link.proxy.stats()).toMatchObject({ connections: 3, connectionsTotal: 3, heldBytes: 0 });
  });

  it('records each exchange with its names, numbers, token and times', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    caller.socket.write(
      get('/1?q', { 'X-Request-Id': 'r-1', 'Idempotency-Key': 'k-1', traceparent }) +
        get('/2', { traceparent }) +
        get(`/${'x'.repeat(600)}`),
    );
    await caller.includes('answer 3');
    expect(link.exchanges).toMatchObject([
      {
        link: 'a->b',
        from: 'a',
        to: 'b',
        connection: 1,
        ordinal: 1,
        method: 'GET',
        path: '/1?q',
        token: 'r-1',
        tokens: { 'idempotency-key': 'k-1' },
        status: 200,
        end: 'complete',
      },
      { connection: 1, ordinal: 2, path: '/2', token: '0af7651916cd43dd8448eb211c80319c' },
      { connection: 1, ordinal: 3, path: `/${'x'.repeat(511)}` },
    ]);
    expect(link.exchanges[2]).not.toHaveProperty('token');
    expect(link.exchanges[2]).not.toHaveProperty('tokens');
    for (const { startMs, requestEndMs = 0, responseStartMs = 0, endMs } of link.exchanges) {
      expect([startMs, requestEndMs, responseStartMs, endMs]).toEqual(
        [startMs, requestEndMs, responseStartMs, endMs].toSorted((a, b) => a - b),
      );
    }
    expect(link.connections).toEqual([]);
  });

  it('tells the caller with a 502 that the callee cannot be reached', async () => {
    await using link = await httpProxyTo(await closedPort());
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + get('/2'));
    expect(await caller.end()).toMatch(
      /^HTTP\/1\.1 502 Bad Gateway\r\n(?:.+\r\n)*\r\na->b: cannot connect to 127\.0\.0\.1:\d+: ECONNREFUSED\n$/,
    );
    expect(link.exchanges).toMatchObject([
      { end: 'connectFailed', status: 502, path: '/1' },
      { end: 'connectFailed', path: '/2' },
    ]);
  });

  it('carries a reset of the callee to the caller, and says so', async () => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.resetAndDestroy()));
    await using link = await httpProxyTo(upstream.port);
    const caller = link.dial();
    caller.write(get());
    expect(await closeCode(caller)).toBe('ECONNRESET');
    expect(link.exchanges).toMatchObject([{ end: 'upstreamReset' }]);
    expect(link.exchanges[0]).not.toHaveProperty('status');
  });

  it('carries an end in the middle of an answer to the caller, and says so', async () => {
    await using upstream = await rawUpstream(({ socket }) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')),
    );
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    expect(await caller.end()).toBe('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
    expect(link.exchanges).toMatchObject([{ end: 'upstreamClosed', status: 200 }]);
    caller.socket.end();
    await untilEmpty(link);
  });

  it('carries the end of an idle connection both ways', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const [one, two] = [new Transcript(link.dial()), new Transcript(link.dial())];
    for (const caller of [one, two]) caller.socket.write(get());
    await Promise.all([one.includes('answer 1'), two.includes('answer 1')]);
    one.socket.end();
    await one.end();
    await until('one upstream is closed', () => upstream.accepted.filter((s) => s.destroyed).length === 1);
    for (const socket of upstream.accepted) socket.end();
    await two.end();
    two.socket.end();
    await untilEmpty(link);
    expect(link.exchanges.map((e) => e.end)).toEqual(['complete', 'complete']);
  });

  it('records a connection on which no request ever came, and only that', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const [ended, cut, asking] = [link.dial(), link.dial(), new Transcript(link.dial())];
    await Promise.all([once(ended, 'connect'), once(cut, 'connect')]);
    ended.write('GET / HT');
    ended.end();
    await until('the first is recorded', () => link.connections.length === 1);
    cut.resetAndDestroy();
    asking.socket.write(get());
    await asking.includes('answer');
    asking.socket.end();
    await until('the second is recorded', () => link.connections.length === 2);
    expect(link.connections).toMatchObject([
      { kind: 'connection', link: 'a->b', connection: 1, end: 'closed' },
      { connection: 2, end: 'clientReset' },
    ]);
    expect(upstream.accepted).toHaveLength(1);
  });

  it('records what is open as closed by the proxy, when that closes', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port);
    const caller = link.dial();
    caller.write(get());
    await until('the callee has it', () => upstream.received() === get());
    const [code] = await Promise.all([closeCode(caller), link.proxy.close()]);
    expect(code).toBe('ECONNRESET');
    expect(link.exchanges).toMatchObject([{ end: 'proxyClosed' }]);
    expect(link.proxy.stats().connections).toBe(0);
  });

  it('resets connections beyond its bound', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port, { connectionsMax: 1 });
    const first = new Transcript(link.dial());
    first.socket.write(get());
    await first.includes('answer 1');
    expect(await closeCode(link.dial())).toBe('ECONNRESET');
  });

  it('says which address is taken', async () => {
    await using link = await httpProxyTo(1);
    const spec = { ...link.proxy.spec, listen: link.proxy.address };
    const second = new HttpProxy(
      { clock: { nowMs: () => 0, wallMs: () => 0, after: () => ({ cancel: () => {} }) }, record: () => {} },
      spec,
    );
    await expect(second.listen()).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
  });
});

/** A socket that has read the peer's FIN learns of a RST only when it writes. */
function isGone(socket: net.Socket): boolean {
  if (!socket.destroyed) socket.write(' ');
  return socket.destroyed;
}

describe('no socket is left behind', () => {
  const cases: readonly [name: string, request: string, answer: string][] = [
    ['before a whole head', 'GET / HTTP/1.1\r\nHo', ''],
    ['in the middle of a request body', `${PUT}half`, ''],
    ['while waiting for the answer', get(), ''],
    ['in the middle of an answer', get(), 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf'],
    ['in the middle of an endless answer', get(), 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
    ['in a tunnel', 'CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\nhello'],
  ];
  for (const way of ['end', 'reset'] as const) {
    it.each(cases)(`by callers that ${way} %s`, async (_name, request, answer) => {
      await using upstream = await rawUpstream(({ socket }) => {
        socket.once('data', () => answer && socket.write(answer));
        socket.once('end', () => socket.end());
      });
      await using link = await httpProxyTo(upstream.port);
      const callers = Array.from({ length: 8 }, () => new Transcript(link.dial()));
      await Promise.all(callers.map((caller) => once(caller.socket, 'connect')));
      for (const caller of callers) caller.socket.write(request);
      if (answer) await Promise.all(callers.map((caller) => caller.length(answer.length)));
      else if (request.includes('\r\n\r\n')) await until('the callee has all', () => upstream.received().length === 8 * request.length);
      else await wait(50);
      for (const { socket } of callers) {
        if (way === 'reset') socket.resetAndDestroy();
        else socket.destroy();
      }
      await untilEmpty(link);
      await until('the callee has none', () => upstream.accepted.every(isGone));
      const heads = link.exchanges.length;
      expect(heads + link.connections.length).toBe(8);
      const end = way === 'reset' ? 'clientReset' : 'clientClosed';
      if (heads > 0) expect(new Set(link.exchanges.map((e) => e.end))).toEqual(new Set([request.startsWith('CONNECT') ? 'tunnel' : end]));
    });
  }

  it.each(['end', 'reset'] as const)('by callees that %s', async (way) => {
    await using upstream = await serve((socket) =>
      socket.once('data', () => (way === 'end' ? socket.end() : socket.resetAndDestroy())).once('end', () => socket.end()),
    );
    await using link = await httpProxyTo(upstream.port);
    const callers = Array.from({ length: 8 }, () => new Transcript(link.dial()));
    for (const caller of callers) caller.socket.write(`${PUT}half`);
    await Promise.all(callers.map((caller) => caller.end()));
    for (const { socket } of callers) socket.end();
    await untilEmpty(link);
    expect(link.exchanges.map((e) => e.end)).toEqual(Array(8).fill(way === 'end' ? 'upstreamClosed' : 'upstreamReset'));
  });
});

describe('back-pressure', () => {
  it('reaches the callee when the caller does not read', async () => {
    const body = pattern(32 * 1024 * 1024);
    let sentBytes = 0;
    await using upstream = await serve((socket) =>
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
        socket.write(body, () => {
          sentBytes = body.length;
        });
      }),
    );
    await using link = await httpProxyTo(upstream.port);
    const caller = link.dial();
    caller.pause();
    caller.write(get());
    await wait(300);
    expect(sentBytes).toBe(0);
    expect(link.proxy.stats().bytesDown).toBeLessThan(body.length);
    let receivedBytes = 0;
    caller.on('data', (bytes: Buffer) => {
      receivedBytes += bytes.length;
    });
    caller.resume();
    await until('all has arrived', () => receivedBytes > body.length, 15_000);
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges[0]?.bytesDown).toBe(receivedBytes);
  });

  it('reaches the caller when the callee does not read', async () => {
    await using upstream = await serve((socket) => socket.pause());
    await using link = await httpProxyTo(upstream.port);
    const caller = link.dial();
    const bytes = Buffer.alloc(32 * 1024 * 1024);
    caller.write(`PUT / HTTP/1.1\r\nHost: b\r\nContent-Length: ${bytes.length}\r\n\r\n`);
    caller.write(bytes);
    await wait(300);
    expect(link.proxy.stats().bytesUp).toBeLessThan(bytes.length);
  });
});

describe('TCP faults on an HTTP link', () => {
  it('act between the link and its callee, so the exchange tells what the caller lived through', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1'));
    await caller.includes('answer 1');
    link.proxy.setFaults([activeFault({ type: 'latency', direction: 'both', value: { latency: '60ms' } })]);
    caller.socket.write(get('/2'));
    await caller.includes('answer 2');
    link.proxy.setFaults([]);
    caller.socket.write(get('/3'));
    await caller.includes('answer 3');
    const [first, second, third] = link.exchanges;
    expect(second).toMatchObject({ matched: ['latency'], applied: ['latency'], status: 200 });
    expect((second?.endMs ?? 0) - (second?.startMs ?? 0)).toBeGreaterThanOrEqual(120);
    for (const exchange of [first, third]) expect(exchange).not.toHaveProperty('matched');
    expect(upstream.accepted).toHaveLength(1);
  });

  it('let a cut link accept but not dial, and release all in order', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'blackhole' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + get('/2'));
    await wait(50);
    expect(upstream.accepted).toHaveLength(0);
    link.proxy.setFaults([]);
    await caller.includes('answer 2');
    expect(upstream.received()).toBe(get('/1') + get('/2'));
    expect(link.exchanges).toMatchObject([
      { status: 200, applied: ['blackhole'] },
      { status: 200, applied: ['blackhole'] },
    ]);
  });

  it('record a caller that gives up on a cut link while the cut still lasts, and free it at the end', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'blackhole' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1'));
    await until('the link has it', () => link.proxy.stats().bytesUp > 0);
    caller.socket.destroy();
    await until('the exchange is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges).toMatchObject([{ end: 'clientClosed', applied: ['blackhole'] }]);
    expect((link.exchanges[0]?.endMs ?? 0) - (link.exchanges[0]?.startMs ?? 0)).toBeLessThan(900);
    link.proxy.setFaults([]);
    await untilEmpty(link);
    expect(link.exchanges).toHaveLength(1);
  });

  it('cut the caller of an open exchange with a RST', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port);
    const caller = link.dial();
    caller.write(get());
    await until('the callee has it', () => upstream.received() === get());
    link.proxy.setFaults([activeFault({ type: 'reset' })]);
    expect(await closeCode(caller)).toBe('ECONNRESET');
    expect(link.exchanges).toMatchObject([{ end: 'faultReset', applied: ['reset'] }]);
    expect(await closeCode(link.dial())).toBe('ECONNRESET');
    await until('that is recorded too', () => link.connections.length === 1);
    expect(link.connections).toMatchObject([{ end: 'faultReset', applied: ['reset'] }]);
  });
});

describe('with real programs on both sides', () => {
  it('undici and node:http see no difference, uploads and trailers included', async () => {
    await using server = await nodeServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (bytes: Buffer) => chunks.push(bytes));
      request.on('end', () => {
        response.writeHead(200, { 'x-method': request.method ?? '', trailer: 'x-sum' });
        response.write(Buffer.concat(chunks));
        response.addTrailers({ 'x-sum': String(chunks.reduce((sum, c) => sum + c.length, 0)) });
        response.end();
      });
    });
    await using link = await httpProxyTo(server.port);
    const client = new Client(`http://127.0.0.1:${link.port}`, { pipelining: 4 });
    const bodies = [pattern(0), pattern(10, 1), pattern(300_000, 2), pattern(2_000_000, 3)];
    const answers = await Promise.all(
      bodies.map(async (body) => {
        const { body: answer, trailers } = await client.request({ method: 'PUT', path: '/echo', body });
        return { bytes: Buffer.from(await answer.arrayBuffer()), trailers };
      }),
    );
    answers.forEach(({ bytes, trailers }, i) => {
      expect(bytes.equals(bodies[i] as Buffer)).toBe(true);
      expect(trailers).toEqual({ 'x-sum': String(bytes.length) });
    });
    await client.close();
    await untilEmpty(link);
    expect(link.exchanges.map((e) => e.end)).toEqual(Array(4).fill('complete'));
  });

  it('a fetch that is aborted frees the server', async () => {
    let asked = 0;
    await using server = await nodeServer(() => {
      asked += 1;
    });
    await using link = await httpProxyTo(server.port);
    const aborting = new AbortController();
    const fetches = Array.from({ length: 5 }, () => fetch(`http://127.0.0.1:${link.port}/hang`, { signal: aborting.signal }));
    const results = Promise.allSettled(fetches);
    await until('the server has all', () => asked === 5);
    aborting.abort();
    expect((await results).map((r) => r.status)).toEqual(Array(5).fill('rejected'));
    await untilEmpty(link);
    await until('the server has none', () => server.sockets.size === 0);
    expect(link.exchanges.map((e) => e.end)).toEqual(Array(5).fill('clientClosed'));
  });
});
