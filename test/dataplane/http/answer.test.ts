import { describe, expect, it } from 'vitest';
import { createAnswer, createRefusal } from '../../../src/dataplane/http/answer.js';
import { ParsedRequest, parseRequestHead } from '../../../src/dataplane/http/request-head.js';

function request(text: string): ParsedRequest {
  const head = parseRequestHead(text);
  if (head instanceof ParsedRequest) return head;
  throw new Error(head);
}
const keepsAlive = request('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
const given = (status: number, to: ParsedRequest, mayKeepAlive = true) => {
  const answer = createAnswer({ status, headers: { 'X-A': '1' }, body: 'grün' }, { request: to, mayKeepAlive, end: 'complete' });
  return { ...answer, text: answer.bytes.toString('utf8') };
};

describe('an answer of ours', () => {
  it('is framed by the bytes of its body, and lets the connection go on', () => {
    expect(given(503, keepsAlive)).toMatchObject({
      text: 'HTTP/1.1 503 Service Unavailable\r\nX-A: 1\r\nContent-Length: 5\r\n\r\ngrün',
      status: 503,
      ending: 'keep',
    });
  });

  it('has no body for HEAD, and neither body nor length with 204 and 304', () => {
    expect(given(200, request('HEAD / HTTP/1.1\r\nHost: h\r\n\r\n')).text).toBe('HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 5\r\n\r\n');
    expect(given(204, keepsAlive).text).toBe('HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n');
    expect(given(304, keepsAlive).text).toBe('HTTP/1.1 304 Not Modified\r\nX-A: 1\r\n\r\n');
  });

  it.each([
    ['the caller wants it', request('GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'), true],
    ['it is HTTP/1.0', request('GET / HTTP/1.0\r\n\r\n'), true],
    ['the connection cannot go on', keepsAlive, false],
  ])('closes the connection and says so when %s', (_why, to, mayKeepAlive) => {
    const answer = given(200, to, mayKeepAlive);
    expect(answer.ending).toBe('close');
    expect(answer.text).toContain('\r\nConnection: close\r\n');
  });

  it('tells a caller of HTTP/1.0 that the connection goes on', () => {
    const answer = given(200, request('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'));
    expect(answer.ending).toBe('keep');
    expect(answer.text).toContain('\r\nConnection: keep-alive\r\n');
  });

  it('that refuses is one line of text and always closes', () => {
    const refusal = createRefusal(400, 'two Hosts', { request: undefined, end: 'malformedRequest' });
    expect(refusal).toMatchObject({ status: 400, ending: 'close', end: 'malformedRequest' });
    expect(refusal.bytes.toString()).toMatch(/\r\nContent-Length: 10\r\nConnection: close\r\n\r\ntwo Hosts\n$/);
  });
});
