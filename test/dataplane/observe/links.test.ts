/** What links note of requests beside their figures, and what they add to them: nothing, unless the plan names a header. */
import { describe, expect, it } from 'vitest';
import { get, httpProxyTo, rawUpstream, Transcript } from '../../support/http.js';
import { http2Callee, http2ProxyTo } from '../../support/http2.js';
import { activeFault, until } from '../../support/tcp.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const BODY = '{"order":{"id":"o-1234567"}}';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const post = (body: string): string =>
  `POST /orders HTTP/1.1\r\nHost: b\r\nX-Request-Id: r-1\r\ntraceparent: 00-${TRACE}-b7ad6b7169203331-01\r\n` +
  `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

/** Answers each request whose last bytes are these. */
const answering = (last: string) =>
  rawUpstream(({ socket }) => {
    let tail = '';
    socket.on('data', (bytes: Buffer) => {
      const asked = (tail + bytes.toString('latin1')).split(last).length - 1;
      tail = bytes.toString('latin1').slice(1 - last.length);
      socket.write(OK.repeat(asked));
    });
  });

describe('what is noted of a request', () => {
  it('is every name that it has, and what its body says, while all passes byte for byte', async () => {
    await using upstream = await answering('0\r\n\r\n');
    await using link = await httpProxyTo(upstream.port, {}, { headers: ['content-type'], body: ['$.order.id', '$.none'] });
    const caller = new Transcript(link.dial());
    const sent = post(BODY);
    // In two reads, the second of which ends one request and begins another.
    caller.socket.write(sent.slice(0, -20));
    await until('the callee has begun to read it', () => upstream.received().length > 50);
    caller.socket.write(sent.slice(-20) + post('{"order":{"id":7}}'));
    await caller.includes(OK + OK);
    expect(upstream.received()).toBe(sent + post('{"order":{"id":7}}'));
    const tokens = { traceparent: TRACE, 'content-type': 'application/json' };
    expect(link.exchanges).toMatchObject([
      { token: 'r-1', tokens: { ...tokens, '$.order.id': 'o-1234567' } },
      { token: 'r-1', tokens: { ...tokens, '$.order.id': '7' } },
    ]);
  });

  it('leaves out a body that is too large or no JSON', async () => {
    await using upstream = await answering('0\r\n\r\n');
    await using link = await httpProxyTo(upstream.port, {}, { body: ['$.a'] });
    const caller = new Transcript(link.dial());
    const large = `{"a":"${'x'.repeat(70_000)}"}`;
    for (const [i, body] of ['nothing', large].entries()) {
      caller.socket.write(post(body));
      await caller.includes(OK.repeat(i + 1));
    }
    expect(link.exchanges.map(({ tokens }) => tokens)).toEqual([{ traceparent: TRACE }, { traceparent: TRACE }]);
  });

  it('is the same over HTTP/2', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port, {}, { body: ['$.order.id'] });
    const headers = { ':method': 'POST', 'x-request-id': 'r-1', traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
    await link.dial().ask(headers, BODY);
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges).toMatchObject([{ token: 'r-1', tokens: { traceparent: TRACE, '$.order.id': 'o-1234567' } }]);
    expect(callee.requests[0]?.headers).not.toHaveProperty('x-lab');
  });
});

describe('what is noted of an answer', () => {
  it('is the headers that the plan names, and none of an answer that the callee did not give', async () => {
    await using upstream = await rawUpstream(({ socket }) => {
      socket.on('data', () => socket.write(OK.replace('\r\n\r\n', '\r\nX-Value: v1\r\nx-other: 2\r\n\r\n')));
    });
    const abort = activeFault({ type: 'abort', value: { status: 503 }, match: { path: '/b' } });
    await using link = await httpProxyTo(upstream.port, {}, { answerHeaders: ['x-value', 'x-none'] });
    link.proxy.setFaults([abort]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/a'));
    await caller.includes('v1');
    caller.socket.write(get('/b'));
    await caller.includes('503');
    await until('both are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges.map(({ status, answerTokens }) => [status, answerTokens])).toEqual([
      [200, { 'x-value': 'v1' }],
      [503, undefined],
    ]);
  });

  it('is the same over HTTP/2', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port, {}, { answerHeaders: ['date', 'x-none'] });
    await link.dial().ask({ ':method': 'POST' }, BODY);
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges[0]?.answerTokens).toEqual({ date: expect.stringContaining('GMT') });
  });
});

describe('the header of the lab', () => {
  it('is the one thing that is added, with the name of the exchange, and takes the place of one that came', async () => {
    await using upstream = await answering('\r\n\r\n');
    await using link = await httpProxyTo(upstream.port, {}, { labHeader: 'X-Lab' });
    const caller = new Transcript(link.dial());
    // Both in one read.
    caller.socket.write(get('/1', { A: ' b' }) + get('/2', { 'x-lab': 'a->a#1.1', c: 'd' }));
    await caller.includes(OK + OK);
    expect(upstream.received()).toBe(
      `${get('/1', { A: ' b' }).slice(0, -2)}x-lab: a->b#1.1\r\n\r\n${get('/2', { 'x-lab': 'a->b#1.2', c: 'd' })}`,
    );
    expect(link.exchanges.map(({ bytesUp, tokens }) => [bytesUp, tokens])).toEqual([
      [get('/1', { A: ' b' }).length, undefined],
      [get('/2', { 'x-lab': 'a->a#1.1', c: 'd' }).length, { 'x-lab': 'a->a#1.1' }],
    ]);
  });

  it('goes with requests that faults hold and change', async () => {
    await using upstream = await answering('\r\n\r\n');
    await using link = await httpProxyTo(upstream.port, {}, { labHeader: 'x-lab' });
    link.proxy.setFaults([
      activeFault({ type: 'delay', value: { delay: '20ms' } }),
      activeFault({ type: 'patch', direction: 'up', value: { headers: { p: '1' } } }),
    ]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    await caller.includes(OK);
    expect(upstream.received()).toBe(`${get().slice(0, -2)}x-lab: a->b#1.1\r\np: 1\r\n\r\n`);
  });

  it('is added over HTTP/2', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port, {}, { labHeader: 'x-lab' });
    await link.dial().ask({ ':path': '/' });
    expect(callee.requests[0]?.headers).toMatchObject({ 'x-lab': 'a->b#1.1' });
  });
});
