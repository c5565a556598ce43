import { describe, expect, it, test } from 'vitest';
import { BodyPeek } from '../../../src/dataplane/http/body-peek.js';
import { type ParsedRequest, parseRequestHead } from '../../../src/dataplane/http/request-head.js';

function peek(fields: string, bytes = ''): BodyPeek {
  const request = parseRequestHead(`POST / HTTP/1.1\r\nHost: b\r\n${fields}\r\n\r\n`) as ParsedRequest;
  return new BodyPeek(request, { headBytesMax: 65_536, bytes: Buffer.from(bytes) });
}
const BODY = '{"a": {"b": "gold"}}';
const CHUNKED = `5;x=y\r\n${BODY.slice(0, 5)}\r\nf\r\n${BODY.slice(5)}\r\n0\r\nTrailer: t\r\n\r\nPOST / HTTP/1.1\r\n`;

describe('a body', () => {
  it('that came with its head is known at once', () => {
    const seen = peek(`Content-Length: ${BODY.length}`, `${BODY}GET /next HTTP/1.1\r\n`);
    expect([seen.gate.isOpen, seen.found]).toEqual([true, { kind: 'json', text: BODY }]);
  });

  test.each([
    ['of a length', `Content-Length: ${BODY.length}`, BODY],
    ['in chunks', 'Transfer-Encoding: chunked', CHUNKED],
  ])('%s is put together from pieces of any size', (_title, fields, text) => {
    for (const size of [1, 2, 3, 7, 1_000]) {
      const seen = peek(fields);
      for (let at = 0; at < text.length; at += size) seen.add(Buffer.from(text.slice(at, at + size)));
      expect([seen.gate.isOpen, seen.found]).toEqual([true, { kind: 'json', text: BODY }]);
    }
  });

  it('is waited for until it is whole', () => {
    const seen = peek(`Content-Length: ${BODY.length}`, BODY.slice(0, -1));
    expect(seen.gate.isOpen).toBe(false);
    seen.add(Buffer.from(BODY.slice(-1)));
    expect(seen.found).toEqual({ kind: 'json', text: BODY });
  });

  it('that there is none of is none', () => {
    expect(peek('Content-Length: 0').found).toEqual({ kind: 'none' });
    expect(peek('X: y').found).toEqual({ kind: 'none' });
  });
});

describe('not waited for', () => {
  test.each([
    ['a body above the bound', 'Content-Length: 65537'],
    ['an encoded one', 'Content-Length: 5\r\nContent-Encoding: gzip'],
    ['one inside of another transfer coding', 'Transfer-Encoding: gzip, chunked'],
    ['what says that it is no JSON', 'Content-Length: 5\r\nContent-Type: image/png'],
    ['what the caller holds back until it is asked', 'Content-Length: 5\r\nExpect: 100-continue'],
  ])('is %s', (_title, fields) => {
    const seen = peek(fields);
    expect([seen.gate.isOpen, seen.found]).toEqual([true, { kind: 'unread' }]);
  });
});

describe('given up', () => {
  const overs = (seen: BodyPeek) => [seen.gate.isOpen, seen.found];

  it('is a body of chunks that grows beyond the bound', () => {
    const seen = peek('Transfer-Encoding: chunked', `10001\r\n${' '.repeat(65_536)}`);
    expect(seen.gate.isOpen).toBe(false);
    seen.add(Buffer.from(' '));
    expect(overs(seen)).toEqual([true, { kind: 'unread' }]);
  });

  it('is one whose framing is larger than itself', () => {
    const seen = peek('Transfer-Encoding: chunked');
    for (let n = 0; n < 100 && !seen.gate.isOpen; n++) seen.add(Buffer.from(`1;${'x'.repeat(4_000)}\r\n1\r\n`));
    expect(overs(seen)).toEqual([true, { kind: 'unread' }]);
  });

  it('is one that is malformed, or of which no more will come', () => {
    expect(overs(peek('Transfer-Encoding: chunked', 'zz\r\n'))).toEqual([true, { kind: 'unread' }]);
    const seen = peek('Content-Length: 10', '{');
    seen.giveUp();
    seen.add(Buffer.from('"a": 1234}'));
    expect(overs(seen)).toEqual([true, { kind: 'unread' }]);
  });
});
