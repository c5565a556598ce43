import { brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rewriteDecoded } from '../../../src/dataplane/faults/content-coding.js';

const upper = (decoded: Buffer): Buffer => Buffer.from(decoded.toString().toUpperCase());
const same = (bytes: Buffer): Buffer => bytes;

describe('a body in a content coding', () => {
  it.each([
    [undefined, same, same],
    ['identity', same, same],
    ['gzip', gzipSync, gunzipSync],
    ['X-GZip', gzipSync, gunzipSync],
    ['deflate', deflateSync, inflateSync],
    [' br', brotliCompressSync, brotliDecompressSync],
  ])('of %s is rewritten as what it says, and coded again', (coding, encode, decode) => {
    const rewritten = rewriteDecoded(encode(Buffer.from('hello')), { coding, bytesMax: 100 }, upper);
    expect(decode(rewritten as Buffer).toString()).toBe('HELLO');
  });

  it('stays as it came in a coding that we do not know, in two of them, and if it is not what it says', () => {
    const untouched = (coding: string, body = gzipSync(Buffer.from('hello'))) => rewriteDecoded(body, { coding, bytesMax: 100 }, upper);
    expect(untouched('zstd')).toBeUndefined();
    expect(untouched('gzip, br')).toBeUndefined();
    expect(untouched('br')).toBeUndefined();
    expect(untouched('gzip', gzipSync(Buffer.from('hello')).subarray(0, 15))).toBeUndefined();
    expect(untouched('constructor')).toBeUndefined();
    expect(untouched('gzip')).toBeDefined();
  });

  it('is not decoded beyond the bound', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    expect(rewriteDecoded(bomb, { coding: 'gzip', bytesMax: 1024 * 1024 }, upper)).toBeUndefined();
    expect(rewriteDecoded(brotliCompressSync(Buffer.alloc(2048)), { coding: 'br', bytesMax: 1024 }, upper)).toBeUndefined();
  });

  it('stays as it came if there is nothing to rewrite', () => {
    expect(rewriteDecoded(Buffer.from('hello'), { coding: undefined, bytesMax: 100 }, () => undefined)).toBeUndefined();
  });
});
