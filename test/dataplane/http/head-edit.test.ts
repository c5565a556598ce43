import { describe, expect, it } from 'vitest';
import { type BodyField, editRequest, editResponse, mergeEdits } from '../../../src/dataplane/http/head-edit.js';
import { ParsedRequest, parseRequestHead } from '../../../src/dataplane/http/request-head.js';
import { ParsedResponse, parseResponseHead } from '../../../src/dataplane/http/response-head.js';

function request(text: string): ParsedRequest {
  const parsed = parseRequestHead(text);
  if (parsed instanceof ParsedRequest) return parsed;
  throw new Error(parsed);
}

function response(text: string, method = 'GET'): ParsedResponse {
  const parsed = parseResponseHead(text, method);
  if (parsed instanceof ParsedResponse) return parsed;
  throw new Error(parsed);
}

const PUT = 'PUT /a HTTP/1.1\r\nhOsT:b\r\nX-Odd:  two  \r\ncontent-LENGTH: 5\r\nX-Odd:\tthree\r\n\r\n';
const OK = 'HTTP/1.1 200 Fine\r\nServer:x\r\nContent-Length:  5\r\nDate: today\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\nServer: x\r\n\r\n';

const put = (edit: Parameters<typeof editRequest>[1], body: BodyField = 'asItCame') =>
  editRequest(request(PUT), edit, body)?.bytes.toString();
const ok = (edit: Parameters<typeof editResponse>[1], body: BodyField = 'asItCame', text = OK, method = 'GET') =>
  editResponse(response(text, method), edit, { method, body })?.bytes.toString();

describe('the edit of a head', () => {
  it('that asks for nothing changes no byte', () => {
    expect(put({})).toBe(PUT);
    expect(ok({})).toBe(OK);
    expect(editRequest(request(`\r\n${PUT}`), {}, 'asItCame')?.bytes.toString()).toBe(`\r\n${PUT}`);
  });

  it('changes what it names, in its place, and leaves every other byte', () => {
    expect(put({ method: 'POST', target: '/b?c' })).toBe(PUT.replace('PUT /a', 'POST /b?c'));
    expect(put({ set: { 'x-odd': 'one' } })).toBe(PUT.replace('X-Odd:  two  ', 'X-Odd: one').replace('X-Odd:\tthree\r\n', ''));
    expect(put({ remove: ['x-odd'] })).toBe(PUT.replace('X-Odd:  two  \r\n', '').replace('X-Odd:\tthree\r\n', ''));
    expect(ok({ status: 503 })).toBe(OK.replace('200 Fine', '503 Service Unavailable'));
    expect(ok({ status: 200 })).toBe(OK);
    expect(ok({ status: 599 })).toBe(OK.replace('200 Fine', '599 '));
    expect(ok({ set: { etag: '"1"' } })).toBe(OK.replace(/\r\n$/, 'etag: "1"\r\n\r\n'));
  });

  it('does not take the names of what every object has for fields', () => {
    const text = 'GET / HTTP/1.1\r\nHost: b\r\nconstructor: x\r\n__proto__: y\r\n\r\n';
    expect(editRequest(request(text), { set: { a: 'b' }, remove: ['tostring'] }, 'asItCame')?.bytes.toString()).toBe(
      text.replace(/\r\n$/, 'a: b\r\n\r\n'),
    );
    expect(mergeEdits({ remove: ['constructor'] }, { set: { a: 'b' } }).remove).toEqual(['constructor']);
  });

  it('writes the framing that the body has, and no other', () => {
    expect(put({}, 7)).toBe(PUT.replace('content-LENGTH: 5', 'content-LENGTH: 7'));
    expect(put({}, 'chunked')).toBe(PUT.replace('content-LENGTH: 5\r\n', '').replace(/\r\n$/, 'transfer-encoding: chunked\r\n\r\n'));
    expect(ok({}, 3, CHUNKED)).toBe('HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 3\r\n\r\n');
    expect(ok({}, 'untilClose', CHUNKED)).toBe('HTTP/1.1 200 OK\r\nServer: x\r\nconnection: close\r\n\r\n');
    expect(ok({ status: 204 }, 'none', CHUNKED)).toBe('HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n');
  });

  it('leaves the framing alone, whatever a fault names', () => {
    const edit = { set: { 'content-length': '1', 'transfer-encoding': 'chunked', a: 'b' }, remove: ['content-length', 'connection'] };
    expect(put(edit)).toBe(PUT.replace(/\r\n$/, 'a: b\r\n\r\n'));
  });

  it.each([
    ['a line break in a value', () => put({ set: { a: 'b\r\nc: d' } })],
    ['a whole second head', () => put({ set: { a: 'b\r\n\r\nGET / HTTP/1.1' } })],
    ['a name that is none', () => put({ set: { 'a b': 'c' } })],
    ['a target with a space', () => put({ target: '/a b' })],
    ['a method that is none', () => put({ method: 'P T' })],
    ['a method whose answers have no body', () => put({ method: 'HEAD' })],
    ['a tunnel', () => put({ method: 'CONNECT' })],
    ['no host', () => put({ remove: ['host'] })],
    ['a status that is interim', () => ok({ status: 20 })],
    ['a status whose answers have no body, in front of a body', () => ok({ status: 204 })],
    ['a body in front of an answer that has none', () => ok({}, 5, 'HTTP/1.1 304 Not Modified\r\n\r\n')],
  ])('is not made if it comes to %s', (_what, edited) => {
    expect(edited()).toBeUndefined();
  });
});

describe('edits that follow one another', () => {
  it('add up, and the last word counts', () => {
    const edit = mergeEdits({ status: 500, set: { a: '1', b: '1' }, remove: ['c', 'd'] }, { set: { b: '2', c: '2' }, remove: ['a'] });
    expect(edit).toEqual({ status: 500, set: { b: '2', c: '2' }, remove: ['d', 'a'] });
    expect(mergeEdits({ method: 'PUT' }, undefined)).toEqual({ method: 'PUT' });
    expect(mergeEdits({ status: 500 }, { status: 200 }).status).toBe(200);
  });
});
