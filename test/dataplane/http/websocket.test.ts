/**
 * WebSockets through an HTTP link: `ws` on both sides. Once the upgrade is answered the link carries frames it knows nothing of, and faults of the
 * wire act on them; faults on requests act on the request for the upgrade, and on nothing behind it.
 */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type HttpProxyUnderTest, httpProxyTo } from '../../support/http.js';
import { activeFault, pattern, until, untilEmpty, wait } from '../../support/tcp.js';

interface EchoServer extends AsyncDisposable {
  readonly port: number;
  readonly server: WebSocketServer;
}

/** Sends every message back as it came: text as text, bytes as bytes. */
async function echoServer(): Promise<EchoServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (bytes, isBinary) => socket.send(bytes, { binary: isBinary }));
  });
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    server,
    [Symbol.asyncDispose]: async () => {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Talker extends Disposable {
  readonly socket: WebSocket;
  /** All that has been heard, in order. */
  readonly heard: readonly Buffer[];
  /** How it closed, once it has: the code, or the error’s text. */
  closed(): Promise<string>;
}

function talkThrough(link: HttpProxyUnderTest, options: { perMessageDeflate?: boolean } = {}): Talker {
  const socket = new WebSocket(`ws://127.0.0.1:${link.port}/chat`, options);
  const heard: Buffer[] = [];
  socket.on('message', (bytes) => heard.push(bytes as Buffer));
  const closed = new Promise<string>((resolve) => {
    socket.once('error', (error) => resolve(error.message));
    socket.once('close', (code) => resolve(String(code)));
  });
  return { socket, heard, closed: () => closed, [Symbol.dispose]: () => socket.terminate() };
}

describe('a WebSocket through an HTTP link', () => {
  it.each([{ perMessageDeflate: false }, { perMessageDeflate: true }])('carries messages of all sizes both ways, %j', async (options) => {
    await using echo = await echoServer();
    await using link = await httpProxyTo(echo.port);
    using talker = talkThrough(link, options);
    await once(talker.socket, 'open');
    const messages = [0, 1, 125, 126, 65_535, 65_536, 1_000_000].map((size, i) => pattern(size, i));
    for (const message of messages) talker.socket.send(message);
    await until('all are back', () => talker.heard.length === messages.length);
    messages.forEach((message, i) => {
      expect(talker.heard[i]?.equals(message)).toBe(true);
    });
    const pong = once(talker.socket, 'pong');
    talker.socket.ping('are you there');
    expect(String((await pong)[0])).toBe('are you there');
  });

  it('is recorded as a tunnel, with the code of its close carried to the callee', async () => {
    await using echo = await echoServer();
    await using link = await httpProxyTo(echo.port);
    using talker = talkThrough(link);
    await once(talker.socket, 'open');
    const [accepted] = echo.server.clients;
    const closedAtCallee = once(accepted as WebSocket, 'close');
    talker.socket.close(4_001, 'enough');
    expect(await talker.closed()).toBe('4001');
    const [code, reason] = await closedAtCallee;
    expect([code, String(reason)]).toEqual([4_001, 'enough']);
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ path: '/chat', status: 101, end: 'tunnel' }]);
    expect(echo.server.clients.size).toBe(0);
  });

  it('keeps order and content under latency and slicing of its bytes', async () => {
    await using echo = await echoServer();
    await using link = await httpProxyTo(echo.port);
    using talker = talkThrough(link);
    await once(talker.socket, 'open');
    link.proxy.setFaults([
      activeFault({ type: 'latency', direction: 'both', value: { latency: '30ms', jitter: '20ms' } }),
      activeFault({ type: 'slicer', direction: 'both', value: { averageSize: '7B', sizeVariation: '5B' } }),
    ]);
    const startMs = performance.now();
    for (let i = 0; i < 50; i++) talker.socket.send(`message ${i}`);
    await until('all are back', () => talker.heard.length === 50);
    expect(talker.heard.map(String)).toEqual(Array.from({ length: 50 }, (_, i) => `message ${i}`));
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(20);
    link.proxy.setFaults([]);
    talker.socket.send('after the faults');
    await until('it goes on', () => String(talker.heard.at(-1)) === 'after the faults');
  });

  it('hears nothing during a cut, and all of it in order afterwards', async () => {
    await using echo = await echoServer();
    await using link = await httpProxyTo(echo.port);
    using talker = talkThrough(link);
    await once(talker.socket, 'open');
    link.proxy.setFaults([activeFault({ type: 'blackhole' })]);
    for (const text of ['one', 'two', 'three']) talker.socket.send(text);
    await wait(60);
    expect(talker.heard).toHaveLength(0);
    link.proxy.setFaults([]);
    await until('all are back', () => talker.heard.length === 3);
    expect(talker.heard.map(String)).toEqual(['one', 'two', 'three']);
  });

  it('notices frames that were corrupted on the way, and a RST', async () => {
    await using echo = await echoServer();
    await using link = await httpProxyTo(echo.port);
    using corrupted = talkThrough(link, { perMessageDeflate: false });
    await once(corrupted.socket, 'open');
    link.proxy.setFaults([activeFault({ type: 'corrupt', value: { rate: 100 } })]);
    // A corrupted length may ask for more bytes than one message has.
    const sending = setInterval(() => corrupted.socket.send('hello '.repeat(100)), 5);
    expect(await corrupted.closed()).toMatch(/Invalid|RSV|MASK|FIN|1002|1006/);
    clearInterval(sending);
    link.proxy.setFaults([]);
    using cut = talkThrough(link);
    await once(cut.socket, 'open');
    link.proxy.setFaults([activeFault({ type: 'reset' })]);
    expect(await cut.closed()).toMatch(/ECONNRESET|1006/);
    link.proxy.setFaults([]);
    await until('the callee has none', () => echo.server.clients.size === 0);
  });

  it('can be refused its upgrade by a fault on requests, or wait for it', async () => {
    await using echo = await echoServer();
    await using link = await httpProxyTo(echo.port);
    link.proxy.setFaults([activeFault({ type: 'abort', value: { status: 503 } })]);
    using refused = talkThrough(link);
    expect(await refused.closed()).toBe('Unexpected server response: 503');
    expect(echo.server.clients.size).toBe(0);
    for (const direction of ['up', 'down'] as const) {
      link.proxy.setFaults([activeFault({ type: 'delay', direction, value: { delay: '60ms' } })]);
      const startMs = performance.now();
      using late = talkThrough(link);
      await once(late.socket, 'open');
      expect(performance.now() - startMs).toBeGreaterThanOrEqual(60);
      late.socket.send('hello');
      await until('the messages themselves do not wait for it', () => late.heard.length === 1);
    }
  });

  it.each(['caller', 'callee'] as const)('leaves no socket behind when the %s drops it', async (who) => {
    await using echo = await echoServer();
    await using link = await httpProxyTo(echo.port);
    const talkers = Array.from({ length: 10 }, () => talkThrough(link));
    await Promise.all(talkers.map(({ socket }) => once(socket, 'open')));
    if (who === 'caller') for (const { socket } of talkers) socket.terminate();
    else for (const socket of echo.server.clients) socket.terminate();
    await Promise.all(talkers.map((talker) => talker.closed()));
    await untilEmpty(link);
    await until('the callee has none', () => echo.server.clients.size === 0);
    expect(link.exchanges.map((e) => e.end)).toEqual(Array(10).fill('tunnel'));
  });
});
