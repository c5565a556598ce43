import { describe, expect, it } from 'vitest';
import { parseResponseHead } from '../../../src/dataplane/http/response-head.js';

const head = (status: string, ...lines: readonly string[]): string => `HTTP/1.1 ${status}\r\n${lines.map((l) => `${l}\r\n`).join('')}\r\n`;

describe('a response head', () => {
  it.each([
    ['GET', head('200 OK', 'Content-Length: 5'), 5],
    ['GET', head('200 OK', 'Content-Length: 0'), 'none'],
    ['GET', head('200 OK', 'Transfer-Encoding: chunked'), 'chunked'],
    ['GET', head('200 OK'), 'untilClose'],
    ['GET', 'HTTP/1.0 200 OK\r\n\r\n', 'untilClose'],
    ['HEAD', head('200 OK', 'Content-Length: 5'), 'none'],
    ['HEAD', head('200 OK', 'Transfer-Encoding: chunked'), 'none'],
    ['GET', head('103 Early Hints', 'Link: </a>'), 'none'],
    ['GET', head('204 No Content'), 'none'],
    ['GET', head('304 Not Modified', 'Content-Length: 5'), 'none'],
    ['CONNECT', head('200 Connected'), 'none'],
    ['CONNECT', head('407 No', 'Content-Length: 2'), 2],
    ['POST', head('500'), 'untilClose'],
    ['POST', head('500 '), 'untilClose'],
    ['POST', head('299 \xe9\ttext', 'Content-Length: 1'), 1],
  ])('to %s: %j is framed %s', (method, text, framing) => {
    expect(parseResponseHead(text, method)).toMatchObject({ framing });
  });

  it.each([
    ['a wrong protocol', 'HTTQ/1.1 200 OK\r\n\r\n'],
    ['version 2', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a short status', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a long status', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['two spaces', 'HTTP/1.1  200 OK\r\n\r\n'],
    ['a bare LF', 'HTTP/1.1 200 OK\nX: 1\r\n\r\n'],
    ['a control character in the reason', 'HTTP/1.1 200 O\x01K\r\n\r\n'],
    ['two lengths', head('200 OK', 'Content-Length: 5', 'Content-Length: 5')],
    ['a length and chunks', head('200 OK', 'Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['an unknown coding', head('200 OK', 'Transfer-Encoding: identity')],
    ['a tab behind the coding', head('200 OK', 'Transfer-Encoding: chunked\t')],
    ['chunks in 1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a folded field', head('200 OK', 'X: 1', '\t2')],
    ['an empty line before it', '\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ])('is refused with %s', (_name, text) => {
    expect(parseResponseHead(text, 'GET')).toBeTypeOf('string');
  });

  it('tells all of its fields in their order, doubled ones too', () => {
    const text = head('200 OK', 'Content-Length: 5', 'Set-Cookie:a=1 ', 'X: ', 'set-cookie: \tb=2\t');
    const parsed = parseResponseHead(text, 'GET');
    expect(typeof parsed === 'string' || parsed.fields()).toEqual([
      ['Content-Length', '5'],
      ['Set-Cookie', 'a=1'],
      ['X', ''],
      ['set-cookie', 'b=2'],
    ]);
    const bare = parseResponseHead(head('200 OK'), 'GET');
    expect(typeof bare === 'string' || bare.fields()).toEqual([]);
  });
});
