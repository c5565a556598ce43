import { describe, expect, it } from 'vitest';
import { abort } from '../../../../src/dataplane/faults/http/abort.js';
import { countingUpstream, get, httpProxyTo, rawUpstream, Transcript } from '../../../support/http.js';
import { activeFault, until, untilEmpty } from '../../../support/tcp.js';

const INJECTED = "HTTP/1.1 418 I'm a Teapot\r\nretry-after: 1\r\nContent-Length: 8\r\n\r\ninjected";
const teapot = { status: 418, headers: { 'retry-after': '1' }, body: 'injected' };

describe('abort', () => {
  it('answers 503 with an empty body unless told otherwise', () => {
    expect(abort.schema.parse({})).toEqual({ status: 503, headers: {}, body: '' });
    expect(abort.decide(abort.schema.parse(teapot), {} as never)).toEqual({ kind: 'reply', ...teapot });
  });

  it.each([
    { status: 199 },
    { status: 600 },
    { status: 503.5 },
    { status: Number.NaN },
    { status: '503' },
    { headers: { 'Content-Length': '5' } },
    { headers: { 'transfer-encoding': 'chunked' } },
    { headers: { 'bad name': 'x' } },
    { headers: { 'x-a': 'b\r\nx-c: d' } },
    { headers: { 'x-a': 'a\x00' } },
    { body: 5 },
    { delay: '1s' },
  ])('refuses %j', (value) => {
    expect(abort.schema.safeParse(value).success).toBe(false);
  });

  it('answers in the callee’s place, which is not even dialled, and the connection goes on', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'abort', value: teapot })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1'));
    expect(await caller.length(INJECTED.length)).toBe(INJECTED);
    expect(upstream.accepted).toHaveLength(0);
    link.proxy.setFaults([]);
    caller.socket.write(get('/2'));
    await caller.includes('answer 1');
    expect(upstream.received()).toBe(get('/2'));
    expect(link.exchanges).toMatchObject([
      { path: '/1', status: 418, end: 'complete', matched: ['abort'], applied: ['abort'] },
      { path: '/2', status: 200, end: 'complete' },
    ]);
    expect(link.exchanges[1]).not.toHaveProperty('matched');
  });

  it('reads the body of what it answers, so that it is not taken for the next request', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'abort', match: { method: 'POST' } })]);
    const caller = new Transcript(link.dial());
    const body = get('/smuggled');
    caller.socket.write(`POST /1 HTTP/1.1\r\nHost: b\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`);
    caller.socket.write(body.slice(10));
    caller.socket.write(
      `POST /2 HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    caller.socket.write(get('/3'));
    const text = await caller.includes('answer 1');
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 503', 'HTTP/1.1 503', 'HTTP/1.1 200']);
    expect(upstream.received()).toBe(get('/3'));
  });

  it('keeps its answers in the order of the requests', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'abort', match: { path: '/bad*' } })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + get('/bad/2') + get('/3') + get('/bad/4'));
    await until('the callee has both of its requests', () => upstream.received() === get('/1') + get('/3'));
    expect(caller.text).toBe('');
    const answer = (n: number): string => `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${n}`;
    upstream.accepted[0]?.write(answer(1));
    await caller.includes('503');
    expect(caller.text.startsWith(answer(1))).toBe(true);
    upstream.accepted[0]?.write(answer(3));
    const text = await caller.until('four answers', (t) => t.split('HTTP/1.1').length === 5);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 503', 'HTTP/1.1 200', 'HTTP/1.1 503']);
    expect(link.exchanges.map((e) => e.path)).toEqual(['/1', '/bad/2', '/3', '/bad/4']);
  });

  it.each([
    ['a body larger than it will read', `PUT / HTTP/1.1\r\nHost: b\r\nContent-Length: ${2 ** 21}\r\n\r\nbegin`],
    ['a caller that waits for 100 Continue', 'PUT / HTTP/1.1\r\nHost: b\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n'],
    ['a caller that wants to close', 'GET / HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n'],
  ])('answers at once and closes for %s', async (_name, request) => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'abort' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(request);
    expect(await caller.end()).toContain('\r\nConnection: close\r\n');
    caller.socket.end();
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ status: 503, end: 'complete' }]);
  });

  it('gives up reading a chunked body that does not end', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'abort' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write('PUT / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    for (let i = 0; i < 20; i++) caller.socket.write(chunk);
    expect(await caller.end()).toMatch(/^HTTP\/1\.1 503(?:.|\r\n)*\r\nConnection: close\r\n/);
  });

  it('towards the caller lets the callee do its work, and drops what it says', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'abort', direction: 'down', value: teapot })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + get('/2'));
    expect(await caller.length(2 * INJECTED.length)).toBe(INJECTED + INJECTED);
    link.proxy.setFaults([]);
    caller.socket.write(get('/3'));
    await caller.includes('answer 3');
    expect(upstream.received()).toBe(get('/1') + get('/2') + get('/3'));
    expect(caller.text).not.toContain('answer 1');
    expect(link.exchanges.map((e) => e.status)).toEqual([418, 418, 200]);
  });

  it('towards the caller closes where the callee’s answer would have ended with the connection', async () => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\nuntil close')));
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'abort', direction: 'down' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    const text = await caller.end();
    expect(text).toContain('\r\nConnection: close\r\n');
    expect(text).not.toContain('until close');
    await until('the callee is freed', () => upstream.accepted[0]?.writableEnded === true || upstream.transcripts[0]?.hasEnded === true);
  });
});
