import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_LINE_BYTES_MAX, MessageReader } from '../../../src/dataplane/http/message-reader.js';
import { parseRequestHead } from '../../../src/dataplane/http/request-head.js';

const HEAD_BYTES_MAX = 1024;

/** What a reader makes of a stream of requests that comes in these pieces: the messages' bytes, and how it ended. */
function readRequests(pieces: readonly Buffer[]): { messages: string[]; rest: string; problem: string | undefined } {
  const reader = new MessageReader({ kind: 'request', headBytesMax: HEAD_BYTES_MAX });
  const messages: string[] = [];
  let message = '';
  let rest = Buffer.alloc(0);
  for (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    let at = 0;
    let isPartial = false;
    while (at < bytes.length && !isPartial) {
      const from = at;
      at = reader.advance(bytes, from);
      message += bytes.toString('latin1', from, at);
      let isOver = reader.event === 'end';
      if (reader.event === 'malformed') return { messages, rest: bytes.toString('latin1', at), problem: reader.problem };
      if (reader.event === 'head') {
        const head = parseRequestHead(reader.headText);
        if (typeof head === 'string') return { messages, rest: '', problem: head };
        isOver = reader.startBody(head.framing);
      }
      if (isOver) messages.push(message);
      if (isOver) message = '';
      isPartial = reader.event === 'partial';
    }
    rest = Buffer.from(bytes.subarray(at));
  }
  return { messages, rest: rest.toString('latin1'), problem: undefined };
}

const whole = (text: string) => readRequests([Buffer.from(text, 'latin1')]);

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const POST = 'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED = 'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
const BODY = '5;ext="a;b"\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n';

describe('a message reader', () => {
  it('finds the end of requests without a body, with a length, and with chunks', () => {
    const stream = [GET, POST, CHUNKED + BODY, GET];
    expect(whole(stream.join(''))).toEqual({ messages: stream, rest: '', problem: undefined });
  });

  it('finds the same messages however the bytes are cut into reads', () => {
    const stream = [GET, POST, `\r\n${POST}`, CHUNKED + BODY, `${CHUNKED}0\r\n\r\n`, GET];
    const bytes = Buffer.from(stream.join(''), 'latin1');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 }), (cuts) => {
        const at = [0, ...[...new Set(cuts)].sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((to, i) => bytes.subarray(at[i], to));
        expect(readRequests(pieces)).toEqual({ messages: stream, rest: '', problem: undefined });
      }),
    );
    const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    expect(readRequests(single).messages).toEqual(stream);
  });

  it('leaves unread what it cannot place yet', () => {
    expect(whole(`${GET}GET / HT`)).toEqual({ messages: [GET], rest: 'GET / HT', problem: undefined });
    expect(whole(`${CHUNKED}5;e`)).toMatchObject({ rest: '5;e', problem: undefined });
    expect(whole(`${CHUNKED}5\r\nhello\r`)).toMatchObject({ rest: '\r', problem: undefined });
    expect(whole(`${CHUNKED}0\r\nX-Sum: 1\r\n`)).toMatchObject({ rest: 'X-Sum: 1\r\n', problem: undefined });
  });

  it('lets one empty line pass before a request, and no second', () => {
    expect(whole(`${GET}\r\n${GET}`).messages).toEqual([GET, `\r\n${GET}`]);
    expect(whole(`${GET}\r\n\r\n${GET}`)).toMatchObject({ messages: [GET], problem: expect.any(String) });
  });

  const chunkCases: readonly [name: string, body: string][] = [
    ['a sign before the size', '+5\r\nhello\r\n0\r\n\r\n'],
    ['a negative size', '-1\r\nhello\r\n0\r\n\r\n'],
    ['0x before the size', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a space before the size', ' 5\r\nhello\r\n0\r\n\r\n'],
    ['a space after the size', '5 \r\nhello\r\n0\r\n\r\n'],
    ['an empty size', '\r\nhello\r\n0\r\n\r\n'],
    ['an underscore in the size', '1_0\r\nhello\r\n0\r\n\r\n'],
    ['a size beyond what a double can count', 'fffffffffffffffff\r\nhello\r\n0\r\n\r\n'],
    ['a size padded with zeros', '00000000000005\r\nhello\r\n0\r\n\r\n'],
    ['a bare LF after the size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare CR after the size', '5\rhello\r\n0\r\n\r\n'],
    ['a bare LF in an extension', '5;a\nb\r\nhello\r\n0\r\n\r\n'],
    ['an extension that never ends', `5;${'e'.repeat(CHUNK_LINE_BYTES_MAX)}`],
    ['no CRLF after the data', '5\r\nhello0\r\n\r\n'],
    ['a bare LF after the data', '5\r\nhello\n0\r\n\r\n'],
    ['data longer than its size', '5\r\nhello!\r\n0\r\n\r\n'],
    ['a bare LF after the last chunk', '0\n\n'],
    ['a trailer without a colon', '0\r\nX-Sum\r\n\r\n'],
    ['a folded trailer', '0\r\nX-Sum: 1\r\n 2\r\n\r\n'],
    ['a bare CR among trailers that are incomplete', '0\r\nX-Sum: 1\r\r\n'],
    ['a trailer with a bare LF', '0\r\nX-Sum: 1\nX-Other: 2\r\n\r\n'],
    ['Content-Length as a trailer', '0\r\nContent-Length: 5\r\n\r\n'],
    ['Transfer-Encoding as a trailer', '0\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['Host as a trailer', '0\r\nHost: b\r\n\r\n'],
    ['trailers without end', `0\r\n${'X-Sum: 1\r\n'.repeat(HEAD_BYTES_MAX / 10 + 1)}`],
  ];
  it.each(chunkCases)('refuses a chunked body with %s', (_name, body) => {
    const seen = whole(CHUNKED + body);
    expect(seen.messages).toEqual([]);
    expect(seen.problem).toBeTypeOf('string');
  });

  const headCases: readonly [name: string, head: string][] = [
    ['larger than the bound', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(HEAD_BYTES_MAX)}\r\n\r\n`],
    ['larger than the bound and without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(HEAD_BYTES_MAX)}`],
    ['with bare LFs only, although no CRLF ever comes', 'GET / HTTP/1.1\nHost: a\n\n'],
    ['with a bare CR that no rest could mend', 'GET / HTTP/1.1\r\r\n'],
    ['that is a TLS hello', '\x16\x03\x01\x02\x00\x01\x00'],
    ['that begins with a space', ' GET /'],
  ];
  it.each(headCases)('refuses at once a head %s', (_name, head) => {
    expect(whole(head).problem).toBeTypeOf('string');
  });

  it('reads nothing more after a malformed message', () => {
    const reader = new MessageReader({ kind: 'request', headBytesMax: HEAD_BYTES_MAX });
    reader.advance(Buffer.from('\nbad'), 0);
    expect(reader.event).toBe('malformed');
    expect(reader.advance(Buffer.from(GET), 0)).toBe(0);
    expect(reader.event).toBe('malformed');
  });

  it('counts a body that ends with the connection as flowing on', () => {
    const reader = new MessageReader({ kind: 'response', headBytesMax: HEAD_BYTES_MAX });
    reader.startBody('untilClose');
    expect(reader.advance(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), 0)).toBe(19);
    expect(reader.event).toBe('flow');
    expect([reader.endStream(), reader.endStream(), reader.isBetweenMessages]).toEqual([true, false, true]);
  });
});
