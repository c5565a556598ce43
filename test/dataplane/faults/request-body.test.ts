import { describe, expect, test } from 'vitest';
import type { RequestHead } from '../../../src/dataplane/faults/fault.js';
import { mayBeJson, readRequestBody, valueOf } from '../../../src/dataplane/faults/request-body.js';

const head = (headers: Readonly<Record<string, string>>): RequestHead => ({
  method: 'POST',
  target: '/',
  version: '1.1',
  header: (name) => headers[name],
});

test.each<[Readonly<Record<string, string>>, boolean]>([
  [{ 'content-type': 'application/json' }, true],
  [{ 'content-type': 'application/problem+json; charset=utf-8' }, true],
  [{}, true],
  [{ 'content-type': 'application/json', 'content-encoding': 'identity' }, true],
  [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }, false],
  [{ 'content-encoding': 'br' }, false],
  [{ 'content-type': 'multipart/form-data; boundary=x' }, false],
  [{ 'content-type': 'application/jsonp' }, false],
  [{ 'content-type': 'application/x-www-form-urlencoded' }, true],
  [{ 'content-type': 'text/plain;charset=UTF-8' }, true],
  [{ 'content-type': 'text/html' }, false],
])('%j: worth waiting for is %s', (headers, isWorthIt) => {
  expect(mayBeJson(head(headers))).toBe(isWorthIt);
});

describe('a whole body', () => {
  test.each(['{"a": 1}', 'null', '"text"', '0'])('%s is JSON', (text) => {
    expect(readRequestBody(Buffer.from(text))).toEqual({ kind: 'json', text });
    expect(valueOf(text)).toEqual(JSON.parse(text));
  });

  test.each(['', '{a: 1}', 'a=1&b=2', '{"a": 1'])('%j is not', (text) => {
    expect(readRequestBody(Buffer.from(text))).toEqual({ kind: 'unread' });
  });
});
