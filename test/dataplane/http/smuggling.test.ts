/**
 * Requests that two parsers can read differently. Each is sent with a second request hidden behind it: the link answers 400, records
 * `malformedRequest`, closes, and the callee sees nothing of either.
 */
import { describe, expect, it } from 'vitest';
import { countingUpstream, get, httpProxyTo, rawUpstream, Transcript } from '../../support/http.js';
import { dial, until, untilEmpty } from '../../support/tcp.js';

const HIDDEN = 'GET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n';
const post = (...fields: readonly string[]): string => `POST / HTTP/1.1\r\nHost: b\r\n${fields.map((f) => `${f}\r\n`).join('')}\r\n`;

const corpus: readonly [name: string, bytes: string][] = [
  ['CL.TE', `${post(`Content-Length: ${5 + HIDDEN.length}`, 'Transfer-Encoding: chunked')}0\r\n\r\n${HIDDEN}`],
  ['TE.CL', `${post('Transfer-Encoding: chunked', 'Content-Length: 4')}${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`],
  ['TE.TE with two codings', `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n${HIDDEN}`],
  ['TE.TE with an unknown coding', `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${HIDDEN}`],
  ['identity', `${post('Transfer-Encoding: identity', 'Content-Length: 0')}${HIDDEN}`],
  ['a space before the colon', `${post('Transfer-Encoding : chunked')}0\r\n\r\n${HIDDEN}`],
  ['a tab before the colon', `${post('Transfer-Encoding\t: chunked')}0\r\n\r\n${HIDDEN}`],
  ['a vertical tab in the value', `${post('Transfer-Encoding: \x0bchunked')}0\r\n\r\n${HIDDEN}`],
  ['a folded Transfer-Encoding', `${post('Transfer-Encoding:\r\n chunked')}0\r\n\r\n${HIDDEN}`],
  ['a field hidden behind a bare LF', `${post('X: y\nTransfer-Encoding: chunked')}0\r\n\r\n${HIDDEN}`],
  ['a field hidden behind a bare CR', `${post('X: y\rTransfer-Encoding: chunked')}0\r\n\r\n${HIDDEN}`],
  ['NUL in a name', `${post('Transfer-Encoding\x00: chunked')}0\r\n\r\n${HIDDEN}`],
  ['NUL in a value', `${post('Transfer-Encoding: chunked\x00')}0\r\n\r\n${HIDDEN}`],
  ['two different lengths', `${post('Content-Length: 0', `Content-Length: ${HIDDEN.length}`)}${HIDDEN}`],
  ['two equal lengths', `${post('Content-Length: 0', 'Content-Length: 0')}${HIDDEN}`],
  ['a list of lengths', `${post('Content-Length: 0, 0')}${HIDDEN}`],
  ['a signed length', `${post('Content-Length: +0')}${HIDDEN}`],
  ['a hexadecimal length', `${post('Content-Length: 0x0')}${HIDDEN}`],
  ['chunks in HTTP/1.0', `POST / HTTP/1.0\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`],
  ['a chunk size with 0x', `${post('Transfer-Encoding: chunked')}0x0\r\n\r\n${HIDDEN}`],
  ['a signed chunk size', `${post('Transfer-Encoding: chunked')}+0\r\n\r\n${HIDDEN}`],
  ['a chunk size that wraps around', `${post('Transfer-Encoding: chunked')}10000000000000000\r\n\r\n${HIDDEN}`],
  ['a bare LF behind a chunk size', `${post('Transfer-Encoding: chunked')}0\n\r\n${HIDDEN}`],
  ['a bare LF in a chunk extension', `${post('Transfer-Encoding: chunked')}2;\nxx\r\nab\r\n0\r\n\r\n${HIDDEN}`],
  ['chunk data without its CRLF', `${post('Transfer-Encoding: chunked')}2\r\nabXX0\r\n\r\n${HIDDEN}`],
  ['a length among the trailers', `${post('Transfer-Encoding: chunked')}0\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`],
  ['two hosts', `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${HIDDEN}`],
  ['no host', `GET / HTTP/1.1\r\n\r\n${HIDDEN}`],
  ['an empty name', `${post(': x')}${HIDDEN}`],
  ['a bare LF head', `GET / HTTP/1.1\nHost: b\n\n${HIDDEN}`],
  ['version 1.10', `GET / HTTP/1.10\r\nHost: b\r\n\r\n${HIDDEN}`],
  ['a space in the target', `GET / HTTP/1.1 HTTP/1.1\r\nHost: b\r\n\r\n${HIDDEN}`],
  ['chunked that is not the last coding', `${post('Transfer-Encoding: chunked, gzip')}0\r\n\r\n${HIDDEN}`],
  ['a tab behind the coding', `${post('Transfer-Encoding: chunked\t')}0\r\n\r\n${HIDDEN}`],
  ['chunked twice', `${post('Transfer-Encoding: chunked, chunked')}0\r\n\r\n${HIDDEN}`],
  ['chunked with a parameter', `${post('Transfer-Encoding: chunked;a=b')}0\r\n\r\n${HIDDEN}`],
  ['chunked in quotes', `${post('Transfer-Encoding: "chunked"')}0\r\n\r\n${HIDDEN}`],
  ['an empty Transfer-Encoding', `${post('Transfer-Encoding:', 'Content-Length: 0')}${HIDDEN}`],
  ['an empty length', `${post('Content-Length:')}${HIDDEN}`],
  ['a length with an underscore', `${post('Content-Length: 1_0')}${HIDDEN}`],
  ['a length beyond 64 bits', `${post('Content-Length: 18446744073709551616')}${HIDDEN}`],
  ['a negative length', `${post('Content-Length: -1')}${HIDDEN}`],
  ['a fraction of a length', `${post('Content-Length: 1.0')}${HIDDEN}`],
  ['a folded length', `${post('Content-Length:\r\n 0')}${HIDDEN}`],
  ['a field line that begins with a space', `${post(' Content-Length: 5')}${HIDDEN}`],
  ['a field without a colon', `${post('Transfer-Encoding chunked')}${HIDDEN}`],
  ['a length with a no-break space', `${post('Content-Length:\xa00')}${HIDDEN}`],
  ['a lower-case version', `GET / http/1.1\r\nHost: b\r\n\r\n${HIDDEN}`],
  ['HTTP/2 in clear text', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['two spaces in the request line', `GET  / HTTP/1.1\r\nHost: b\r\n\r\n${HIDDEN}`],
  ['a chunk size behind spaces', `${post('Transfer-Encoding: chunked')}  0\r\n\r\n${HIDDEN}`],
  ['a bare CR behind a chunk size', `${post('Transfer-Encoding: chunked')}0\r\r\n\r\n${HIDDEN}`],
  ['a chunk that ends with two bare LFs', `${post('Transfer-Encoding: chunked')}1\r\na\n\n0\r\n\r\n${HIDDEN}`],
  ['Transfer-Encoding among the trailers', `${post('Transfer-Encoding: chunked')}0\r\nTransfer-Encoding: chunked\r\n\r\n${HIDDEN}`],
  ['CONNECT with a body', `CONNECT b:1 HTTP/1.1\r\nHost: b\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`],
  ['junk', `\x00\x01\x02\x03${HIDDEN}`],
];

describe('an ambiguous request', () => {
  it.each(corpus)('is refused, and the callee sees nothing of it: %s', async (_name, bytes) => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(Buffer.from(bytes, 'latin1'));
    const answer = await caller.end();
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(?:.+\r\n)*Connection: close\r\n/);
    expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(upstream.received()).toBe('');
    expect(link.exchanges).toMatchObject([{ end: 'malformedRequest', status: 400, ordinal: 1 }]);
    caller.socket.destroy();
    await untilEmpty(link);
  });

  it('behind a good one on the same connection does not take its answer away', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(`${get('/good')}${post('Content-Length: 1', 'Content-Length: 2')}${HIDDEN}`);
    const answer = await caller.end();
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
    expect(upstream.received()).toBe(get('/good'));
    expect(link.exchanges.map((e) => e.end)).toEqual(['complete', 'malformedRequest']);
  });

  it('that turns bad in the middle of its body is never completed upstream', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(`${post('Transfer-Encoding: chunked')}3\r\nabc\r\n`);
    await until('the good part has arrived', () => upstream.received().endsWith('abc\r\n'));
    caller.socket.write(`-0\r\n\r\n${HIDDEN}`);
    expect(await caller.end()).toMatch(/^HTTP\/1\.1 400/);
    expect(upstream.received()).not.toContain('smuggled');
    expect(link.exchanges).toMatchObject([{ end: 'malformedRequest', status: 400 }]);
    await until('the callee is cut', () => upstream.accepted[0]?.destroyed === true);
  });

  it('would be seen by the callee behind a link that does not look', async () => {
    await using upstream = await countingUpstream();
    const caller = new Transcript(dial(upstream.port));
    caller.socket.write(corpus[0]?.[1] ?? '');
    await until('the callee has it', () => upstream.received().includes('smuggled'));
    caller.socket.destroy();
  });
});

const responses: readonly [name: string, bytes: string][] = [
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['no status', 'HTTP/1.1 OK\r\n\r\n'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['a bare LF head', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ['a switch of protocols that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
];

describe('a response that cannot be understood', () => {
  it.each(responses)('is a 502 for the caller and the end of the connection: %s', async (_name, bytes) => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.write(bytes)));
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    expect(await caller.end()).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n(?:.+\r\n)*\r\na->b: /);
    expect(link.exchanges).toMatchObject([{ end: 'malformedResponse', status: 502 }]);
    await until('the callee is cut', () => upstream.accepted[0]?.destroyed === true);
  });

  it('in the middle of its body cuts the caller', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n';
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.write(bytes)));
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    await caller.includes('ab');
    upstream.accepted[0]?.write('zz\r\n');
    await until('the caller is cut', () => caller.socket.destroyed);
    expect(link.exchanges).toMatchObject([{ end: 'malformedResponse', status: 200 }]);
  });

  it('because nobody asked for it is never taken for the answer to the next request', async () => {
    await using upstream = await rawUpstream(({ socket }) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'),
      ),
    );
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    await until('the caller is cut', () => caller.socket.destroyed || caller.hasEnded);
    expect(caller.text).not.toContain('evil');
    expect(link.exchanges).toMatchObject([{ end: 'complete', status: 200 }]);
  });
});
