import { describe, expect, it } from 'vitest';
import { type ParsedRequest, parseRequestHead } from '../../../src/dataplane/http/request-head.js';

function parsed(text: string): ParsedRequest {
  const head = parseRequestHead(text);
  if (typeof head === 'string') throw new Error(head);
  return head;
}
const withFields = (...lines: readonly string[]): string => `POST /a HTTP/1.1\r\nHost: h\r\n${lines.map((l) => `${l}\r\n`).join('')}\r\n`;

describe('a request head', () => {
  it('tells method, target, version and fields', () => {
    const head = parsed('PATCH /a/../b%2e?x=//y HTTP/1.1\r\nhOST: h:80\r\nX-Two:  b \t\r\nx-two: c\r\nEmpty:\r\nObs: \xe9\xff\r\n\r\n');
    expect(head).toMatchObject({ method: 'PATCH', target: '/a/../b%2e?x=//y', version: '1.1', framing: 'none' });
    expect(head.header('host')).toBe('h:80');
    expect(head.header('x-two')).toBe('b');
    expect(head.header('empty')).toBe('');
    expect(head.header('obs')).toBe('\xe9\xff');
    expect(head.header('absent')).toBeUndefined();
  });

  it.each([
    ['GET * HTTP/1.0\r\n\r\n', '*'],
    ['OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n', '*'],
    ['GET http://h/p?q HTTP/1.1\r\nHost: h\r\n\r\n', 'http://h/p?q'],
    ['CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n', 'h:443'],
    ['\r\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n', '/x'],
  ])('accepts %j', (text, target) => {
    expect(parsed(text).target).toBe(target);
  });

  it.each([
    [['Content-Length: 0'], 'none'],
    [['Content-Length: 17'], 17],
    [['content-length:\t017 '], 17],
    [['Transfer-Encoding: chunked'], 'chunked'],
    [['transfer-encoding: CHUNKED'], 'chunked'],
    [['Transfer-Encoding: gzip, chunked'], 'chunked'],
  ])('frames %j', (fields, framing) => {
    expect(parsed(withFields(...fields)).framing).toBe(framing);
  });

  it.each([
    ['1.1', [], true],
    ['1.1', ['Connection: close'], false],
    ['1.1', ['Connection: foo', 'connection: Close, bar'], false],
    ['1.1', ['Connection: closed'], true],
    ['1.0', [], false],
    ['1.0', ['Connection: Keep-Alive'], true],
  ])('in version %s with %j keeps the connection alive: %s', (version, fields, keepsAlive) => {
    const text = `GET / HTTP/${version}\r\nHost: h\r\n${fields.map((f) => `${f}\r\n`).join('')}\r\n`;
    expect(parsed(text).keepsAlive).toBe(keepsAlive);
  });

  it('asks for a tunnel with CONNECT, or with Upgrade and the matching Connection option', () => {
    expect(parsed('CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n').asksForTunnel).toBe(true);
    expect(parsed(withFields('Upgrade: websocket', 'Connection: keep-alive, Upgrade')).asksForTunnel).toBe(true);
    expect(parsed(withFields('Upgrade: websocket')).asksForTunnel).toBe(false);
    expect(parsed(withFields('Connection: Upgrade')).asksForTunnel).toBe(false);
  });

  const refused: readonly [name: string, text: string][] = [
    ['Content-Length and Transfer-Encoding', withFields('Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['the same in the other order', withFields('Transfer-Encoding: chunked', 'Content-Length: 5')],
    ['two Content-Lengths', withFields('Content-Length: 5', 'Content-Length: 6')],
    ['two equal Content-Lengths', withFields('Content-Length: 5', 'content-length: 5')],
    ['a list as Content-Length', withFields('Content-Length: 5, 5')],
    ['a signed Content-Length', withFields('Content-Length: +5')],
    ['a negative Content-Length', withFields('Content-Length: -5')],
    ['a hexadecimal Content-Length', withFields('Content-Length: 0x5')],
    ['a fractional Content-Length', withFields('Content-Length: 5.0')],
    ['an empty Content-Length', withFields('Content-Length:')],
    ['a Content-Length with a space inside', withFields('Content-Length: 5 5')],
    ['an enormous Content-Length', withFields('Content-Length: 99999999999999999999')],
    ['Transfer-Encoding: identity', withFields('Transfer-Encoding: identity')],
    ['Transfer-Encoding: xchunked', withFields('Transfer-Encoding: xchunked')],
    ['a quoted chunked', withFields('Transfer-Encoding: "chunked"')],
    ['chunked not last', withFields('Transfer-Encoding: chunked, gzip')],
    ['chunked twice', withFields('Transfer-Encoding: chunked, chunked')],
    ['two Transfer-Encodings', withFields('Transfer-Encoding: gzip', 'Transfer-Encoding: chunked')],
    ['an empty Transfer-Encoding', withFields('Transfer-Encoding:')],
    ['a vertical tab before chunked', withFields('Transfer-Encoding: \x0bchunked')],
    ['Transfer-Encoding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a space before the colon', withFields('Transfer-Encoding : chunked')],
    ['a folded field', withFields('X-A: 1', ' 2')],
    ['a folded first field', 'GET / HTTP/1.1\r\n Host: h\r\n\r\n'],
    ['an empty field name', withFields(': v')],
    ['a field without a colon', withFields('Nothing')],
    ['a name that is no token', withFields('X(A): 1')],
    ['a name above ASCII', withFields('X-\xe9: 1')],
    ['NUL in a value', withFields('X-A: 1\x002')],
    ['a control character in a value', withFields('X-A: 1\x012')],
    ['DEL in a value', withFields('X-A: 1\x7f2')],
    ['a bare LF between fields', 'GET / HTTP/1.1\r\nHost: h\nX-A: 1\r\n\r\n'],
    ['a bare CR between fields', 'GET / HTTP/1.1\r\nHost: h\rX-A: 1\r\n\r\n'],
    ['a bare LF after the request line', 'GET / HTTP/1.1\nHost: h\r\n\r\n'],
    ['a bare CR after the request line', 'GET / HTTP/1.1\rHost: h\r\n\r\n'],
    ['version 1.2', 'GET / HTTP/1.2\r\nHost: h\r\n\r\n'],
    ['version 2.0', 'GET / HTTP/2.0\r\nHost: h\r\n\r\n'],
    ['a version of two digits', 'GET / HTTP/1.10\r\nHost: h\r\n\r\n'],
    ['a version in lower case', 'GET / http/1.1\r\nHost: h\r\n\r\n'],
    ['no version', 'GET /\r\nHost: h\r\n\r\n'],
    ['two spaces after the method', 'GET  / HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a tab after the method', 'GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a trailing space', 'GET / HTTP/1.1 \r\nHost: h\r\n\r\n'],
    ['no method', ' / HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a method that is no token', 'G@T / HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['no Host in 1.1', 'GET / HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n'],
    ['two Hosts in 1.0', 'GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['CONNECT with a length', 'CONNECT h:1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n'],
    ['CONNECT with chunks', 'CONNECT h:1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['two empty lines before it', '\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n'],
  ];
  it.each(refused)('is refused with %s', (_name, text) => {
    expect(parseRequestHead(text)).toBeTypeOf('string');
  });
});
