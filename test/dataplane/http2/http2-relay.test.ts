import http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { answerOf, http2Callee, http2ProxyTo } from '../../support/http2.js';
import { closedPort, until, untilEmpty, wait } from '../../support/tcp.js';

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;

describe('an HTTP/2 link', () => {
  it('carries a request and its answer, and records them', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const answer = await link.dial().ask({ ':path': '/stock?sku=1', 'x-request-id': 'r-1', 'idempotency-key': 'k-1' });
    expect(answer).toMatchObject({ status: 200, body: 'hello', code: 0, trailers: undefined });
    expect(callee.requests[0]?.headers).toMatchObject({ ':method': 'GET', ':path': '/stock?sku=1', ':authority': 'b:80' });
    expect(callee.requests[0]?.endStream).toBe(true);
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges[0]).toMatchObject({
      link: 'a->b',
      from: 'a',
      to: 'b',
      connection: 1,
      ordinal: 1,
      method: 'GET',
      path: '/stock?sku=1',
      token: 'r-1',
      tokens: { 'idempotency-key': 'k-1' },
      status: 200,
      end: 'complete',
      bytesUp: 0,
      bytesDown: 5,
    });
    expect(link.exchanges[0]).not.toHaveProperty('resetCode');
  });

  it('passes fields in their order, repeated ones too, and adds none', async () => {
    const fields = ['cookie', 'a=1', 'cookie', 'b=2', 'x-list', 'one', 'x-list', 'two', 'te', 'trailers'];
    await using callee = await http2Callee(({ stream }) => {
      const headers = { ':status': 200, 'set-cookie': ['a=1', 'b=2'], vary: ['accept', 'origin'] };
      stream.respond(headers as unknown as http2.OutgoingHttpHeaders, { sendDate: false } as object);
      stream.end();
    });
    await using link = await http2ProxyTo(callee.port);
    const headers = { ':method': 'POST', cookie: ['a=1', 'b=2'], 'x-list': ['one', 'two'], te: 'trailers' };
    const answer = await link.dial().ask(headers as unknown as http2.OutgoingHttpHeaders, '');
    expect(callee.requests[0]?.rawHeaders.slice(8)).toEqual(fields);
    expect(answer.rawHeaders).toEqual([':status', '200', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'vary', 'accept', 'vary', 'origin']);
  });

  it('carries bodies and trailers both ways, and interim answers', async () => {
    await using callee = await http2Callee(({ stream }) => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>' });
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-sum': '12' }));
      stream.on('end', () => stream.end('answer'));
    });
    await using link = await http2ProxyTo(callee.port);
    const stream = link.dial().open({ ':method': 'POST' }, { endStream: false, waitForTrailers: true } as object);
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-checksum': '7' }));
    const answered = answerOf(stream);
    stream.end('question');
    expect(await answered).toMatchObject({ status: 200, interim: [103], body: 'answer', trailers: { 'grpc-status': '0', 'x-sum': '12' } });
    expect(callee.requests[0]).toMatchObject({ body: 'question', trailers: { 'x-checksum': '7' } });
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges[0]).toMatchObject({ status: 200, grpcStatus: 0, end: 'complete', bytesUp: 8, bytesDown: 6 });
  });

  it('keeps as many requests apart as are under way at once, on one connection to the callee', async () => {
    await using callee = await http2Callee(({ stream, headers }) => {
      stream.respond({ ':status': 200 });
      stream.on('data', (bytes) => stream.write(bytes));
      stream.on('end', () => stream.end(String(headers[':path'])));
    });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    const bodies = Array.from({ length: 100 }, (_, i) => String(i % 10).repeat(10_000 + i));
    const answers = await Promise.all(bodies.map((body, i) => caller.ask({ ':method': 'POST', ':path': `/${i}` }, body)));
    expect(answers.map(({ body }) => body)).toEqual(bodies.map((body, i) => `${body}/${i}`));
    expect(callee.sessions).toHaveLength(1);
    await until('all are recorded', () => link.exchanges.length === 100);
    expect(link.exchanges.map(({ ordinal }) => ordinal).toSorted((a, b) => a - b)).toEqual(bodies.map((_, i) => i + 1));
  });

  it.each([
    ['cancelled', NGHTTP2_CANCEL],
    ['calmed', NGHTTP2_ENHANCE_YOUR_CALM],
    ['broken', NGHTTP2_INTERNAL_ERROR],
  ])('carries a reset of the caller’s to the callee with its code: %s', async (_name, code) => {
    await using callee = await http2Callee(() => {});
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    const stream = caller.open({ ':path': '/slow' });
    await until('the callee has it', () => callee.requests.length === 1);
    stream.close(code);
    await until('the callee is told', () => callee.requests[0]?.code === code);
    expect(link.exchanges).toMatchObject([{ path: '/slow', end: 'clientReset', resetCode: code }]);
    expect(link.exchanges[0]).not.toHaveProperty('status');
    expect(caller.isClosed).toBe(false);
  });

  it.each([
    ['before its answer', false],
    ['in its answer', true],
  ])('carries a reset of the callee’s to the caller with its code: %s', async (_name, responds) => {
    await using callee = await http2Callee(({ stream }) => {
      if (responds) {
        // Node ends a stream in order before it resets it, unless trailers are due.
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.write('half', () => stream.close(NGHTTP2_REFUSED_STREAM));
      } else {
        stream.close(NGHTTP2_REFUSED_STREAM);
      }
    });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    expect(await caller.ask({})).toMatchObject({ code: NGHTTP2_REFUSED_STREAM, status: responds ? 200 : undefined });
    expect(link.exchanges).toMatchObject([{ end: 'upstreamReset', resetCode: NGHTTP2_REFUSED_STREAM }]);
    expect(caller.isClosed).toBe(false);
  });

  it('answers 502 where nobody listens, a gRPC call with UNAVAILABLE, and lets the caller go', async () => {
    await using link = await http2ProxyTo(await closedPort());
    const caller = link.dial();
    const [answer, call] = await Promise.all([
      caller.ask({ ':path': '/1' }),
      caller.ask({ ':method': 'POST', ':path': '/shop.Stock/Get', 'content-type': 'application/grpc' }, 'x'),
    ]);
    expect(answer).toMatchObject({ status: 502, body: expect.stringContaining('a->b: cannot connect to 127.0.0.1:') });
    expect(call).toMatchObject({ status: 200, headers: { 'grpc-status': '14', 'content-type': 'application/grpc' } });
    expect(link.exchanges.toSorted((a, b) => a.ordinal - b.ordinal)).toMatchObject([
      { path: '/1', status: 502, end: 'connectFailed' },
      { status: 200, grpcStatus: 14, end: 'connectFailed' },
    ]);
    await until('the caller is told to come back elsewhere', () => caller.isClosed && caller.goaways.length > 0);
    await untilEmpty(link);
  });

  it('tells the callee of a caller that is gone, and forgets both', async () => {
    await using callee = await http2Callee(() => {});
    await using link = await http2ProxyTo(callee.port);
    for (const leave of ['resetAndDestroy', 'destroy'] as const) {
      const caller = link.dial();
      caller.open({ ':path': `/${leave}` });
      await until('the callee has it', () => callee.requests.at(-1)?.headers[':path'] === `/${leave}`);
      await wait(100);
      caller.socket[leave]();
      await until('the callee is told', () => callee.requests.at(-1)?.code !== undefined && callee.sockets.at(-1)?.destroyed === true);
      await untilEmpty(link);
    }
    expect(link.exchanges).toMatchObject([
      { path: '/resetAndDestroy', end: 'clientReset' },
      // A socket that is closed with something unread sends a RST as well: the kernel's choice, and a question of time.
      { path: '/destroy', end: expect.stringMatching(/^client(?:Closed|Reset)$/) },
    ]);
  });

  it('ends the caller’s connection as the callee’s ends, behind what was whole', async () => {
    await using callee = await http2Callee(({ stream, headers }) => {
      if (headers[':path'] === '/hangs') return;
      stream.respond({ ':status': 200 });
      stream.end('x'.repeat(200_000), () => stream.session?.socket.destroy);
    });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    const [hanging, whole] = [caller.ask({ ':path': '/hangs' }), caller.ask({ ':path': '/whole' })];
    expect(await whole).toMatchObject({ status: 200, code: 0 });
    callee.sockets[0]?.end();
    expect((await hanging).status).toBe(undefined);
    await until('the caller is let go', () => caller.isClosed);
    expect(link.exchanges.map(({ path, end }) => ({ path, end }))).toEqual([
      { path: '/whole', end: 'complete' },
      { path: '/hangs', end: 'upstreamClosed' },
    ]);
    await untilEmpty(link);
  });

  it('resets the caller when the callee resets its connection', async () => {
    await using callee = await http2Callee(() => {});
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    const answered = caller.ask({});
    await until('the callee has it', () => callee.requests.length === 1);
    // A RST that comes together with bytes is taken for an end by libuv.
    await wait(100);
    callee.sockets[0]?.resetAndDestroy();
    await answered;
    expect(link.exchanges).toMatchObject([{ end: 'upstreamReset' }]);
    await untilEmpty(link);
  });

  it('carries a GOAWAY with its code and words, and lets what is open end', async () => {
    await using callee = await http2Callee(({ stream, headers }) => {
      if (headers[':path'] !== '/last') return;
      stream.session?.goaway(0, stream.id, Buffer.from('moving'));
      setTimeout(() => {
        stream.respond({ ':status': 200 });
        stream.end('done');
      }, 20);
    });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    expect(await caller.ask({ ':path': '/last' })).toMatchObject({ status: 200, body: 'done', code: 0 });
    expect(caller.goaways[0]).toEqual({ code: 0, lastStreamId: 1, debugData: 'moving' });
    await until('the caller is let go', () => caller.isClosed);
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ status: 200, end: 'complete' }]);
  });

  it('records a connection on which no request came', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    await until('it is there', () => link.proxy.stats().connections === 1);
    caller.session.close();
    await until('it is gone', () => link.connections.length === 1);
    expect(link.connections).toMatchObject([{ link: 'a->b', connection: 1, end: 'closed' }]);
    expect(callee.sessions).toHaveLength(0);
  });

  it('can be killed, closed, and counted', async () => {
    await using callee = await http2Callee(({ stream, headers }) => {
      if (headers[':path'] === '/hangs') return;
      stream.respond({ ':status': 200 });
      stream.end('hello');
    });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    await caller.ask({});
    const hanging = caller.ask({ ':path': '/hangs' });
    await until('the callee has it', () => callee.requests.length === 2);
    const [status] = link.proxy.connections({ after: 0, max: 10 });
    expect(status).toMatchObject({ connection: 1, source: '127.0.0.1', faults: [] });
    expect(status?.bytesUp).toBeGreaterThan(0);
    expect(status?.bytesDown).toBeGreaterThan(5);
    expect(link.proxy.kill(1)).toBe(true);
    await hanging;
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ end: 'complete' }, { path: '/hangs', end: 'killed' }]);
    const other = link.dial();
    other.open({ ':path': '/hangs' });
    await until('the callee has it', () => callee.requests.length === 3);
    await link.proxy.close();
    expect(link.exchanges.at(-1)).toMatchObject({ end: 'proxyClosed' });
  });
});
