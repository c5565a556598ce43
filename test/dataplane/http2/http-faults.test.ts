/** What every kind of decision on a message comes to on HTTP/2: it meets one stream, and the others of the connection go on. */
import http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import type { FaultSpecInput } from '../../../src/dataplane/faults/spec.js';
import { GrpcCaller, grpcEcho } from '../../support/grpc.js';
import { answerOf, type CalleeRequest, type Http2ProxyUnderTest, http2Callee, http2ProxyTo } from '../../support/http2.js';
import { activeFault, until, untilEmpty, wait } from '../../support/tcp.js';

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR } = http2.constants;
const STOCK = '{"sku":"a","stock":12}';

/** Says what is in stock, with a length; `/stream` says it without one, and with trailers. */
function shop({ stream, headers }: CalleeRequest): void {
  const type = { 'content-type': 'application/json' };
  const answer = (): void => {
    if (headers[':path'] === '/stream') {
      stream.respond({ ':status': 200, ...type }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
    } else {
      stream.respond({ ':status': 200, ...type, 'content-length': STOCK.length, etag: '"1"' });
    }
    stream.end(STOCK);
  };
  stream.on('end', answer);
}

function put(link: Http2ProxyUnderTest, ...given: (Partial<FaultSpecInput> & { type: string })[]): void {
  link.proxy.setFaults(given.map((fault) => activeFault(fault)));
}

describe('on an HTTP/2 link', () => {
  it('delay and hold keep one stream waiting, and let it go when they are removed', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    put(
      link,
      { type: 'hold', match: { path: '/up' } },
      { type: 'delay', direction: 'down', match: { path: '/down' }, value: { delay: '1m' } },
    );
    const caller = link.dial();
    const up = caller.ask({ ':path': '/up', ':method': 'POST' }, 'x'.repeat(100_000));
    const down = caller.ask({ ':path': '/down' });
    expect(await caller.ask({ ':path': '/free' })).toMatchObject({ status: 200 });
    await until('the callee has done its work on one', () => callee.requests.some(({ headers }) => headers[':path'] === '/down'));
    await wait(50);
    expect(new Set(callee.requests.map(({ headers }) => headers[':path']))).toEqual(new Set(['/down', '/free']));
    link.proxy.setFaults([]);
    expect(await Promise.all([up, down])).toMatchObject([
      { status: 200, body: STOCK },
      { status: 200, body: STOCK },
    ]);
    expect(callee.requests.at(-1)?.body).toHaveLength(100_000);
  });

  it('abort answers in the callee’s place: requests before it has them, responses after it has done its work', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    const value = { status: 503, headers: { 'Retry-After': '1' }, body: 'injected' };
    put(link, { type: 'abort', value });
    expect(await caller.ask({ ':method': 'POST' }, 'order')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1', 'content-length': '8' },
      body: 'injected',
      code: 0,
    });
    expect(callee.requests).toHaveLength(0);
    put(link, { type: 'abort', direction: 'down', value });
    expect(await caller.ask({ ':method': 'POST' }, 'order')).toMatchObject({ status: 503, body: 'injected', code: 0 });
    expect(callee.requests).toMatchObject([{ body: 'order' }]);
    expect(link.exchanges).toMatchObject([
      { status: 503, end: 'complete', applied: ['abort'] },
      { status: 503, end: 'complete', applied: ['abort'] },
    ]);
  });

  it('abort answers a caller that is still sending, and one that only asks for the head', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    put(link, { type: 'abort', value: { status: 413, body: 'too much' } });
    const caller = link.dial();
    const stream = caller.open({ ':method': 'PUT' });
    const answered = answerOf(stream);
    stream.write(Buffer.alloc(100_000));
    await until('the answer is there', () => link.exchanges.length === 1);
    for (let i = 0; i < 50; i++) stream.write(Buffer.alloc(100_000), () => {});
    // The rest is read and dropped up to a bound; then the caller is told to stop.
    expect(await answered).toMatchObject({ status: 413, body: 'too much', code: 0 });
    expect(await caller.ask({ ':method': 'HEAD' })).toMatchObject({ status: 413, body: '', code: 0 });
  });

  it('abort answers gRPC calls in their own words', async () => {
    await using server = await grpcEcho();
    await using link = await http2ProxyTo(server.port);
    using caller = new GrpcCaller(link.port);
    put(link, { type: 'abort', value: { grpcStatus: 'RESOURCE_EXHAUSTED', body: 'no more for ❤' } });
    expect(await caller.unary('hello')).toEqual({ code: 8, details: 'no more for ❤', messages: [] });
    expect(await caller.chat(['hello'])).toMatchObject({ code: 8 });
    expect(server.heard).toEqual([]);
    put(link, { type: 'abort', direction: 'down', value: { grpcStatus: 14 } });
    expect(await caller.unary('done')).toMatchObject({ code: 14 });
    expect(server.heard).toEqual(['done']);
    // Without a code of its own, a call gets the HTTP status and makes of it what the protocol says.
    put(link, { type: 'abort', value: { status: 429 } });
    expect(await caller.unary('hello')).toMatchObject({ code: 14 });
    expect(link.exchanges.map(({ status, grpcStatus }) => [status, grpcStatus])).toEqual([
      [200, 8],
      [200, 8],
      [200, 14],
      [429, undefined],
    ]);
  });

  it('patch and replace change heads and bodies, and the length with them', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    put(link, { type: 'patch', value: { status: 203, headers: { etag: null, 'X-Lab': 'yes' }, body: { stock: 0 } } });
    const patched = await caller.ask({});
    const body = '{"sku":"a","stock":0}';
    expect(patched).toMatchObject({ status: 203, body, headers: { 'x-lab': 'yes', 'content-length': String(body.length) }, code: 0 });
    expect(patched.headers).not.toHaveProperty('etag');
    const streamed = await caller.ask({ ':path': '/stream' });
    expect(streamed).toMatchObject({ body, trailers: { 'x-sum': '1' } });
    expect(streamed.headers).not.toHaveProperty('content-length');
    put(link, { type: 'replace', direction: 'up', value: { method: 'PUT', target: '/other?x=1', headers: { 'x-lab': '1' }, body: 'new' } });
    await caller.ask({ ':method': 'POST', ':path': '/one', 'content-length': '3' }, 'old');
    expect(callee.requests.at(-1)).toMatchObject({
      headers: { ':method': 'PUT', ':path': '/other?x=1', 'x-lab': '1', 'content-length': '3' },
      body: 'new',
    });
    await caller.ask({ ':method': 'GET' });
    expect(callee.requests.at(-1)).toMatchObject({ headers: { ':method': 'PUT' }, body: 'new' });
  });

  it('an edit of a body that is not there, or too large, is not made and does not count', async () => {
    await using callee = await http2Callee(({ stream, headers }) => {
      if (headers[':path'] === '/none') stream.respond({ ':status': 204 }, { endStream: true });
      else {
        stream.respond({ ':status': 200, 'content-type': 'application/json' });
        stream.end(`{"a":"${'x'.repeat(17 * 1024 * 1024)}"}`);
      }
    });
    await using link = await http2ProxyTo(callee.port);
    const [small, large] = [
      activeFault({ id: 'small', type: 'replace', match: { path: '/none' }, value: { body: 'some' } }),
      activeFault({ id: 'large', type: 'patch', match: { path: '/large' }, value: { headers: { 'x-a': 'b' }, body: { a: 'b' } } }),
    ];
    link.proxy.setFaults([small, large]);
    const caller = link.dial();
    expect(await caller.ask({ ':path': '/none' })).toMatchObject({ status: 204, body: '' });
    const untouched = await caller.ask({ ':path': '/large' });
    expect(untouched.body).toHaveLength(17 * 1024 * 1024 + 8);
    expect(untouched.headers).not.toHaveProperty('x-a');
    for (const { counts } of [small, large]) expect(counts).toMatchObject({ matched: 1, applied: 0, skipped: 1 });
    await until('both are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges.map(({ matched, applied }) => [matched, applied])).toEqual([
      [['small'], undefined],
      [['large'], undefined],
    ]);
  });

  it('throttle, drip and truncate take their time with one body, or end it', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    put(link, { type: 'drip', match: { path: '/drip' }, value: { size: '4B', interval: '20ms' } });
    const startMs = performance.now();
    const dripped = caller.ask({ ':path': '/drip' });
    expect(await caller.ask({ ':path': '/free' })).toMatchObject({ body: STOCK });
    expect(await dripped).toMatchObject({ body: STOCK, code: 0 });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(99);
    put(link, { type: 'throttle', value: { rate: '0B/s' } });
    const throttled = caller.ask({ ':path': '/stream' });
    await until('the callee has it', () => callee.requests.length === 3);
    await wait(30);
    link.proxy.setFaults([]);
    expect(await throttled).toMatchObject({ body: STOCK, trailers: { 'x-sum': '1' } });
    put(link, { type: 'truncate', value: { after: '5B', length: 'right' } });
    expect(await caller.ask({})).toMatchObject({ body: STOCK.slice(0, 5), headers: { 'content-length': '5' }, code: 0 });
    put(link, { type: 'truncate', value: { after: '5B', length: 'wrong' } });
    expect(await caller.ask({})).toMatchObject({ status: 200, body: STOCK.slice(0, 5), code: NGHTTP2_INTERNAL_ERROR });
    expect(link.exchanges.at(-1)).toMatchObject({ end: 'faultReset', resetCode: NGHTTP2_INTERNAL_ERROR, applied: ['truncate'] });
    put(link, { type: 'truncate', direction: 'up', value: { after: '2B', length: 'wrong' } });
    await caller.ask({ ':method': 'POST' }, 'order');
    await until('the callee is told', () => callee.requests.at(-1)?.code === NGHTTP2_INTERNAL_ERROR);
    expect(callee.requests.at(-1)?.body).toBe('or');
  });

  it.each([
    ['hang', undefined],
    ['close', NGHTTP2_CANCEL],
    ['reset', NGHTTP2_INTERNAL_ERROR],
  ] as const)('responseLoss: the callee has done its work, and the caller is not told: %s', async (ending, code) => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    put(link, { type: 'responseLoss', value: { ending } });
    const caller = link.dial();
    const stream = caller.open({ ':method': 'POST' });
    const answered = answerOf(stream);
    stream.end('order');
    await until('the callee has answered', () => callee.requests[0]?.code === 0);
    if (code === undefined) {
      await wait(50);
      expect(link.exchanges).toHaveLength(0);
      stream.close(NGHTTP2_CANCEL);
    }
    expect(await answered).toMatchObject({ status: undefined, body: '', code: code ?? NGHTTP2_CANCEL });
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges[0]).toMatchObject({ end: code === undefined ? 'clientReset' : 'faultReset', resetCode: code ?? NGHTTP2_CANCEL });
    expect(caller.isClosed).toBe(false);
  });

  it('resetExchange resets the stream, and no other', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    put(link, { type: 'resetExchange', match: { path: '/cut' } });
    const caller = link.dial();
    const [cut, free] = await Promise.all([caller.ask({ ':path': '/cut' }), caller.ask({ ':path': '/free' })]);
    expect([cut.code, free.code, free.body]).toEqual([NGHTTP2_INTERNAL_ERROR, 0, STOCK]);
    expect(callee.requests).toHaveLength(1);
  });

  it('onRequest does what a request asks for by header, within its caps', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    put(link, { type: 'onRequest', value: { delayMax: '120ms', statuses: [503] } });
    const caller = link.dial();
    const startMs = hostClock.nowMs();
    expect(await caller.ask({ ':path': '/a', 'x-fault-delay': '10s' })).toMatchObject({ status: 200 });
    expect(hostClock.nowMs() - startMs).toBeGreaterThanOrEqual(120);
    expect(await caller.ask({ ':path': '/b', 'x-fault-abort': '503' })).toMatchObject({ status: 503 });
    expect(await caller.ask({ ':path': '/c', 'x-fault-abort': '500' })).toMatchObject({ status: 200 });
    expect(callee.requests).toHaveLength(2);
  });

  it('garbage and emptyResponse end the connection, with bytes that are no frames or with none', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    for (const type of ['garbage', 'emptyResponse']) {
      put(link, { type, match: { path: '/bad' } });
      const caller = link.dial();
      expect(await caller.ask({ ':path': '/good' })).toMatchObject({ body: STOCK });
      caller.open({ ':path': '/bad' });
      await untilEmpty(link);
      expect(link.exchanges.at(-1)).toMatchObject({ path: '/bad', end: 'faultReset', applied: [type] });
      if (type === 'garbage') expect(caller.socket.bytesRead).toBeGreaterThan(1_024);
      await until('the caller has lost its connection', () => caller.isClosed);
    }
  });

  it('duplicate sends a request again, as the callee got it, and answers once', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    put(
      link,
      { type: 'duplicate', value: { copies: 2, delay: '20ms' } },
      { type: 'patch', direction: 'up', value: { headers: { 'x-lab': '1' } } },
    );
    const stream = link.dial().open({ ':method': 'POST', ':path': '/order' }, { endStream: false, waitForTrailers: true } as object);
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '7' }));
    const answered = answerOf(stream);
    stream.end('order');
    expect(await answered).toMatchObject({ status: 200, body: STOCK });
    await until('all are there', () => link.exchanges.length === 3);
    expect(callee.requests).toMatchObject(
      Array.from({ length: 3 }, () => ({ headers: { ':path': '/order', 'x-lab': '1' }, body: 'order', trailers: { 'x-sum': '7' } })),
    );
    expect(link.exchanges).toMatchObject([
      { ordinal: 1, status: 200, end: 'complete' },
      { isCopy: true, status: 200, end: 'complete', bytesUp: 5, applied: ['duplicate'] },
      { isCopy: true, status: 200, end: 'complete' },
    ]);
    expect(link.exchanges[0]).not.toHaveProperty('isCopy');
  });

  it('ackWithoutEffect thanks for what nobody has done', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    put(link, { type: 'ackWithoutEffect', value: { status: 201, body: '{"ok":true}' } });
    expect(await link.dial().ask({ ':method': 'POST' }, 'order')).toMatchObject({ status: 201, body: '{"ok":true}' });
    expect(callee.requests).toHaveLength(0);
  });

  it('conditions are looked for in heads, statuses and bodies', async () => {
    await using callee = await http2Callee(shop);
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    put(
      link,
      { id: 'body', type: 'abort', match: { body: { '$.customer': 'bob' } }, value: { status: 451 } },
      { id: 'status', type: 'abort', direction: 'down', match: { status: [200], headers: { 'x-want': 'down' } }, value: { status: 502 } },
    );
    const post = { ':method': 'POST', 'content-type': 'application/json' };
    const ask = (body: string): Promise<number | undefined> => caller.ask(post, body).then(({ status }) => status);
    expect(await Promise.all([ask('{"customer":"bob"}'), ask('{"customer":"eve"}'), ask('no json')])).toEqual([451, 200, 200]);
    expect(callee.requests.map(({ body }) => body).toSorted()).toEqual(['no json', '{"customer":"eve"}']);
    const large = JSON.stringify({ customer: 'bob', note: 'x'.repeat(200_000) });
    expect(await ask(large)).toBe(200);
    expect(callee.requests.at(-1)?.body).toBe(large);
    expect(await caller.ask({ 'x-want': 'down' })).toMatchObject({ status: 502 });
    expect(await caller.ask({ ':path': '/health' })).toMatchObject({ status: 200 });
  });

  it('percentages decide on each stream by itself, the same way each time', async () => {
    await using callee = await http2Callee(shop);
    const runs: (number | undefined)[][] = [];
    for (let run = 0; run < 2; run++) {
      await using link = await http2ProxyTo(callee.port);
      put(link, { type: 'abort', percentage: 50, seed: 7 });
      const caller = link.dial();
      const statuses: (number | undefined)[] = [];
      for (let i = 0; i < 40; i++) statuses.push((await caller.ask({})).status);
      runs.push(statuses);
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(new Set(runs[0])).toEqual(new Set([200, 503]));
  });
});
