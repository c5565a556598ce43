import http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { changedBlock, mergeChanges } from '../../../src/dataplane/http2/head-change.js';
import { blockOf, type HeaderBlock, receivedBlock, replyBlock } from '../../../src/dataplane/http2/header-block.js';

const block = blockOf([
  [':status', '200'],
  ['x-a', '1'],
  ['x-b', '2'],
  ['x-a', '3'],
  ['content-length', '5'],
]);

describe('a header block', () => {
  it('keeps repeated fields and their order, and finds the first', () => {
    const received = receivedBlock({}, [':path', '/', 'cookie', 'a', 'x', '1', 'cookie', 'b']);
    expect(received.lines).toEqual([
      [':path', '/'],
      ['cookie', 'a'],
      ['x', '1'],
      ['cookie', 'b'],
    ]);
    expect(received.first('cookie')).toBe('a');
    expect(received.first('none')).toBe(undefined);
    expect(received.fields.map(([name]) => name)).toEqual(['cookie', 'x', 'cookie']);
  });

  it('is edited where it was named, and nowhere else', () => {
    const edited = block.edited({ status: 503, set: { 'x-a': 'new', 'x-c': 'added', 'content-length': '9' }, remove: ['x-b', 'te'] });
    expect(edited.lines).toEqual([
      [':status', '503'],
      ['x-a', 'new'],
      ['content-length', '5'],
      ['x-c', 'added'],
    ]);
    expect(block.first('x-b')).toBe('2');
  });

  it('says a length only where one was said, and none that is not known', () => {
    const lengthAfter = (length: Parameters<typeof changedBlock>[1]['length'], on = block): string | undefined =>
      changedBlock(on, { head: {}, length }).first('content-length');
    expect([lengthAfter('same'), lengthAfter(7), lengthAfter('unknown'), lengthAfter('raw')]).toEqual(['5', '7', undefined, undefined]);
    expect(lengthAfter(7, block.without(['content-length']))).toBe(undefined);
    expect(mergeChanges({ head: { set: { a: '1' } }, length: 7 }, { head: { remove: ['b'] }, length: 'same' })).toMatchObject({
      head: { set: { a: '1' }, remove: ['b'] },
      length: 7,
    });
  });

  it('is sent as it is, or with repeated fields as one if Node cannot send them otherwise', () => {
    const sent = (lines: HeaderBlock): http2.OutgoingHttpHeaders => lines.send((headers) => ({ ...headers }));
    expect(sent(block)).toEqual({ ':status': '200', 'x-a': ['1', '3'], 'x-b': '2', 'content-length': '5' });
    const twice = blockOf([
      ['etag', 'a'],
      ['etag', 'b'],
      ['set-cookie', 'c'],
      ['set-cookie', 'd'],
    ]);
    let attempts = 0;
    const joined = twice.send((headers) => {
      attempts += 1;
      if (Array.isArray(headers['etag'])) throw Object.assign(new Error(), { code: 'ERR_HTTP2_HEADER_SINGLE_VALUE' });
      return { ...headers };
    });
    expect([attempts, joined]).toEqual([2, { etag: 'a, b', 'set-cookie': ['c', 'd'] }]);
    expect(() => twice.send(() => assertNever())).toThrow('no');
  });

  it('keeps what must not be put into a table out of it', () => {
    const received = receivedBlock({ [http2.sensitiveHeaders]: ['authorization'] }, ['authorization', 'secret']);
    const headers = received.with('x-a', '1').send((it) => it) as Record<symbol, unknown>;
    expect(headers[http2.sensitiveHeaders]).toEqual(['authorization']);
  });

  it('of our own says no length of nothing', () => {
    expect(replyBlock({ status: 200, headers: { 'Grpc-Status': '0' }, byteCount: 0 }).lines).toEqual([
      [':status', '200'],
      ['grpc-status', '0'],
    ]);
    expect(replyBlock({ status: 503, headers: {}, byteCount: 3 }).first('content-length')).toBe('3');
  });
});

function assertNever(): never {
  throw new Error('no');
}
