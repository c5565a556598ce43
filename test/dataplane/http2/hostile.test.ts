/** Callers and callees that keep to no rule: what they cost is bounded, they are ended, and nobody else is. */
import http2 from 'node:http2';
import type net from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Http2ProxyUnderTest, http2Callee, http2ProxyTo } from '../../support/http2.js';
import { FLAG, FRAME, FrameReader, field, frame, GET_BLOCK, get, PREFACE, uint32 } from '../../support/http2-frames.js';
import { dial, serve, until, untilEmpty, wait } from '../../support/tcp.js';

const { NGHTTP2_CANCEL } = http2.constants;
const STREAMS_MAX = 1_000;

/** A caller that has sent its preface, and what it has got. */
function hostile(link: Http2ProxyUnderTest): { socket: net.Socket; reader: FrameReader } {
  const socket = dial(link.port);
  const reader = new FrameReader(socket);
  socket.write(PREFACE);
  return { socket, reader };
}

/** Ids of so many streams of a caller's. */
const ids = (count: number): number[] => Array.from({ length: count }, (_, i) => 2 * i + 1);

async function expectOthersServed(link: Http2ProxyUnderTest): Promise<void> {
  expect(await link.dial().ask({ ':path': '/other' })).toMatchObject({ status: 200, body: 'hello' });
}

describe('an HTTP/2 link and a hostile caller', () => {
  it('that opens and resets streams as fast as it can is ended', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const { socket, reader } = hostile(link);
    for (const stream of ids(20_000)) {
      socket.write(Buffer.concat([get(stream), frame({ type: FRAME.rstStream, stream, payload: uint32(NGHTTP2_CANCEL) })]));
      if (stream % 2_000 === 1) await wait(1);
      if (reader.isOver) break;
    }
    await until('it is ended', () => reader.isOver, 10_000);
    await expectOthersServed(link);
    expect(callee.requests.length).toBeLessThan(3_000);
    socket.destroy();
    await until('all of its streams are recorded', () => link.proxy.stats().connections === 1);
    expect(link.exchanges.length).toBeLessThan(3_000);
  });

  it('that opens more streams than it may is refused the others', async () => {
    await using callee = await http2Callee(({ stream, headers }) => {
      if (headers[':path'] !== '/other') return;
      stream.respond({ ':status': 200 });
      stream.end('hello');
    });
    await using link = await http2ProxyTo(callee.port);
    const { socket, reader } = hostile(link);
    socket.write(Buffer.concat(ids(STREAMS_MAX * 2).map((stream) => get(stream, { endStream: false }))));
    await until('the others are refused', () => reader.of(FRAME.rstStream).length + reader.of(FRAME.goaway).length > 0);
    await expectOthersServed(link);
    expect(callee.requests.length).toBeLessThanOrEqual(STREAMS_MAX + 1);
    socket.destroy();
    await until('it is forgotten', () => link.proxy.stats().connections === 1);
  });

  it('that sends one head of more than 64 KiB is not passed on', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const { socket, reader } = hostile(link);
    const fields = Array.from({ length: 150 }, (_, i) => field(`x-${i}`, 'v'.repeat(100)));
    const part = Buffer.concat(fields);
    socket.write(
      frame({ type: FRAME.headers, flags: FLAG.endStream, stream: 1, payload: Buffer.concat([GET_BLOCK, part.subarray(0, 0)]) }),
    );
    for (let i = 0; i < 5; i++)
      socket.write(frame({ type: FRAME.continuation, flags: i === 4 ? FLAG.endHeaders : 0, stream: 1, payload: part }));
    await until('it is refused', () => reader.isOver || reader.of(FRAME.rstStream).length + reader.of(FRAME.goaway).length > 0);
    await expectOthersServed(link);
    expect(callee.requests).toHaveLength(1);
    socket.destroy();
  });

  it('that never ends a head is ended', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const { socket, reader } = hostile(link);
    socket.write(frame({ type: FRAME.headers, stream: 1, payload: GET_BLOCK }));
    for (let i = 0; i < 20_000 && !reader.isOver; i++)
      socket.write(frame({ type: FRAME.continuation, stream: 1, payload: field('x-a', 'b') }));
    await until('it is ended', () => reader.isOver, 10_000);
    await expectOthersServed(link);
    expect(callee.requests).toHaveLength(1);
  });

  it.each([
    ['PING', () => frame({ type: FRAME.ping, payload: Buffer.alloc(8) })],
    ['SETTINGS', () => frame({ type: FRAME.settings, payload: Buffer.concat([Buffer.from([0, 4]), uint32(65_535)]) })],
  ])('that asks with %s and never listens is ended, or stopped', async (_name, ask) => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const { socket } = hostile(link);
    socket.pause();
    const asked = Buffer.concat(Array.from({ length: 10_000 }, ask));
    const rssBefore = process.memoryUsage().rss;
    for (let i = 0; i < 100 && !socket.destroyed && socket.writableLength < 4_000_000; i++) {
      socket.write(asked);
      await wait(2);
    }
    await expectOthersServed(link);
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(256 * 1024 * 1024);
    socket.destroy();
    await until('it is forgotten', () => link.proxy.stats().connections === 1);
  });

  it.each([
    ['is no HTTP/2', Buffer.from('GET / HTTP/1.1\r\nHost: b\r\n\r\n')],
    ['ends in the middle of its preface', Buffer.from('PRI * HTTP/2.0\r\n')],
    ['has a frame that is too large', Buffer.concat([PREFACE, Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1])])],
    ['sends data on no stream', Buffer.concat([PREFACE, frame({ type: FRAME.data, stream: 0, payload: Buffer.alloc(1) })])],
    ['opens windows beyond their bounds', Buffer.concat([PREFACE, frame({ type: FRAME.windowUpdate, payload: uint32(0x7fffffff) })])],
    [
      'sends a block that is no HPACK',
      Buffer.concat([PREFACE, frame({ type: FRAME.headers, flags: 5, stream: 1, payload: Buffer.alloc(20, 0xff) })]),
    ],
    ['uses even numbers', Buffer.concat([PREFACE, get(2)])],
  ])('that %s is ended, without a word to the callee', async (_name, bytes) => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const socket = dial(link.port);
    const reader = new FrameReader(socket);
    socket.write(bytes);
    if (bytes.length < 20) socket.end();
    await until('it is ended', () => reader.isOver);
    socket.end();
    await until('it is told of', () => link.connections.length + link.exchanges.length === 1);
    expect(callee.sockets).toHaveLength(0);
    await expectOthersServed(link);
  });

  it('that leaves at any point leaves nothing behind', async () => {
    await using callee = await http2Callee(({ stream, headers }) => {
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/other') stream.end('hello');
      else for (let i = 0; i < 20; i++) stream.write(Buffer.alloc(10_000));
    });
    await using link = await http2ProxyTo(callee.port);
    const whole = Buffer.concat([
      PREFACE,
      get(1, { endStream: false }),
      frame({ type: FRAME.data, stream: 1, payload: Buffer.alloc(50) }),
      get(3),
    ]);
    for (let at = 0; at <= whole.length; at += 5) {
      const socket = dial(link.port);
      socket.resume();
      socket.write(whole.subarray(0, at));
      if (at % 3 === 0) await wait(3);
      if (at % 2 === 0) socket.destroy();
      else socket.resetAndDestroy();
    }
    await untilEmpty(link, 10_000);
    await until('so has the callee', () => callee.sockets.every(({ destroyed }) => destroyed), 10_000);
    await expectOthersServed(link);
  });
});

describe('an HTTP/2 link and a hostile callee', () => {
  it.each([
    [
      'answers what nobody asked',
      Buffer.concat([frame({ type: FRAME.settings }), frame({ type: FRAME.headers, flags: 5, stream: 7, payload: Buffer.from([0x88]) })]),
    ],
    ['is no HTTP/2', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'sends a status that is none',
      Buffer.concat([
        frame({ type: FRAME.settings }),
        frame({ type: FRAME.headers, flags: 5, stream: 1, payload: Buffer.from([0x08, 3, 0x39, 0x39, 0x39]) }),
      ]),
    ],
    [
      'pushes though it has agreed not to',
      Buffer.concat([
        frame({ type: FRAME.settings }),
        frame({ type: FRAME.settings, flags: FLAG.ack }),
        frame({ type: 5, flags: 4, stream: 1, payload: Buffer.concat([uint32(2), GET_BLOCK]) }),
      ]),
    ],
  ])('that %s costs its caller the stream at most, and the link nothing', async (_name, bytes) => {
    await using callee = await serve((socket) => socket.once('data', () => socket.write(bytes)));
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    const answer = await caller.ask({});
    expect(answer.body).toBe('');
    expect(answer.status).not.toBe(200);
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(['malformedResponse', 'upstreamReset']).toContain(link.exchanges[0]?.end);
  });
});
