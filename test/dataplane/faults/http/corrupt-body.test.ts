import { brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../../src/core/random.js';
import { corruptBody } from '../../../../src/dataplane/faults/http/corrupt-body.js';
import { httpProxyTo } from '../../../support/http.js';
import { answer, decider, editBody } from '../../../support/http-fault.js';
import { curl, nginxServer, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault } from '../../../support/tcp.js';

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };
const ORDER = '{"price": 1250, "paid": true}';

function corrupted(value: object, { fields, body }: { fields: Readonly<Record<string, string>>; body: string | Buffer }, seed = 1) {
  const random = drawStream(keyedDraw({ seed, faultId: 'corruptBody' }), 'message');
  const decision = decider(corruptBody, value)({ response: answer(200, fields), random });
  const edit = decision.kind === 'edit' ? decision.body : undefined;
  return { edit, body: editBody(edit, [body]) };
}

/** The bytes of the body as they came. */
async function fetchRaw(port: number): Promise<Buffer> {
  const { body, headers } = await request(`http://127.0.0.1:${port}/`);
  const bytes = Buffer.from(await body.arrayBuffer());
  expect(headers['content-length'] ?? String(bytes.length), 'the length fits').toBe(String(bytes.length));
  return bytes;
}

describe('corruptBody', () => {
  it('flips bits of what flows by, and changes no length', () => {
    const { edit, body } = corrupted({ rate: 100, afterBytes: '2B' }, { fields: {}, body: 'abcdef' });
    expect(edit).toMatchObject({ kind: 'stream', length: 'same' });
    expect(body.toString('latin1')).toMatch(/^ab[^c][^d][^e][^f]$/);
  });

  it('flips bits within the content of a compressed body, which its decoder does not notice', () => {
    const [content, fields] = [Buffer.alloc(1_000, 'x'), { 'Content-Encoding': 'gzip' }];
    const { edit, body } = corrupted({ rate: 10 }, { fields, body: gzipSync(content) });
    expect(edit?.kind).toBe('whole');
    const decoded = gunzipSync(body);
    const hit = decoded.filter((byte) => byte !== 'x'.charCodeAt(0)).length;
    expect(decoded).toHaveLength(1_000);
    expect(Math.abs(hit - 100)).toBeLessThan(50);
  });

  it('or in its compressed bytes, which its decoder does', () => {
    const [content, fields] = [Buffer.alloc(1_000, 'x'), { 'Content-Encoding': 'gzip' }];
    const { edit, body } = corrupted({ rate: 50, compressed: 'bytes' }, { fields, body: gzipSync(content) });
    expect(edit?.kind).toBe('stream');
    expect(() => gunzipSync(body)).toThrow();
  });

  it('changes digits of JSON numbers, plain or compressed', () => {
    const plain = corrupted({ what: 'numbers', rate: 100 }, { fields: JSON_TYPE, body: ORDER });
    expect(JSON.parse(plain.body.toString())).toMatchObject({ price: expect.any(Number), paid: true });
    expect(plain.body.toString()).not.toBe(ORDER);
    const coded = corrupted(
      { what: 'numbers', rate: 100 },
      { fields: { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, body: gzipSync(ORDER) },
    );
    expect(gunzipSync(coded.body).toString()).toBe(plain.body.toString());
  });

  it('changes only the fields that are named', () => {
    const { body } = corrupted({ what: 'fields', rate: 100, members: ['paid'] }, { fields: JSON_TYPE, body: ORDER });
    expect(body.toString()).toBe(ORDER.replace('true', 'false'));
  });

  it.each([
    { title: 'that is no JSON by its head', fields: { 'Content-Type': 'text/plain' }, body: ORDER },
    { title: 'that is no JSON in fact', fields: JSON_TYPE, body: '<p>12</p>' },
    { title: 'in an unknown coding', fields: { ...JSON_TYPE, 'Content-Encoding': 'zstd' }, body: ORDER },
    { title: 'that is a bomb', fields: { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, body: gzipSync(`"${'1'.repeat(3_000_000)}"`) },
  ])('leaves a body alone $title', ({ fields, body }) => {
    expect(corrupted({ what: 'fields', rate: 100 }, { fields, body }).body.equals(Buffer.from(body as string))).toBe(true);
  });

  it('hits the same places with the same seed, and others with another', () => {
    const at = (seed: number) => corrupted({ rate: 5 }, { fields: {}, body: 'x'.repeat(1_000) }, seed).body;
    expect(at(1).equals(at(1))).toBe(true);
    expect(at(1).equals(at(2))).toBe(false);
  });

  it.each([
    {},
    { rate: 0 },
    { rate: '101%' },
    { what: 'words', rate: 1 },
    { rate: 1, members: ['price'] },
    { what: 'numbers', rate: 1, afterBytes: '1B' },
    { what: 'numbers', rate: 1, compressed: 'bytes' },
    { what: 'numbers', rate: 1, members: [] },
    { rate: 1, bodyMax: '1GiB' },
  ])('refuses %j', (value) => {
    expect(corruptBody.schema.safeParse(value).success).toBe(false);
  });

  it('of an answer is read by undici as if nothing had happened', async () => {
    await using server = await nodeServer((_heard, response) => response.end('x'.repeat(1_000)));
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'corruptBody', value: { rate: 5 } })]);
    await using caller = undiciCaller(link.port);
    for (let i = 0; i < 3; i++) {
      const { status, headers, body } = await caller.ask();
      expect({ status, length: headers['content-length'] }).toEqual({ status: 200, length: '1000' });
      expect(body).toMatch(/x/);
      expect(body).not.toBe('x'.repeat(1_000));
    }
    expect(link.exchanges.map(({ connection, end, applied }) => ({ connection, end, applied }))).toEqual(
      Array(3).fill({ connection: 1, end: 'complete', applied: ['corruptBody'] }),
    );
  });

  it('within what nginx has compressed is not noticed by curl, and outside of it is', async () => {
    const text = 'nginx '.repeat(100);
    await using server = await nginxServer(
      `gzip on; gzip_types text/plain; gzip_min_length 1; default_type text/plain; return 200 '${text}';`,
    );
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'corruptBody', value: { rate: 2 } })]);
    const inside = await curl('--compressed', `http://127.0.0.1:${link.port}/`);
    expect(inside.exit, inside.stderr).toBe(0);
    expect(inside.stdout).toHaveLength(text.length);
    expect(inside.stdout).not.toBe(text);
    link.proxy.setFaults([activeFault({ type: 'corruptBody', value: { rate: 50, compressed: 'bytes' } })]);
    expect((await curl('--compressed', `http://127.0.0.1:${link.port}/`)).exit).not.toBe(0);
  });

  it.each([
    { coding: undefined, encode: (text: string) => Buffer.from(text) },
    { coding: 'gzip', encode: gzipSync },
    { coding: 'deflate', encode: deflateSync },
    { coding: 'br', encode: brotliCompressSync },
  ])('of JSON changes the figures and keeps the form and the framing: $coding', async ({ coding, encode }) => {
    const decoders = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };
    await using server = await nodeServer((_heard, response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...(coding !== undefined && { 'content-encoding': coding }) });
      response.end(encode(ORDER));
    });
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'corruptBody', value: { what: 'numbers', rate: 100 } })]);
    const answered = await fetchRaw(link.port);
    const decoded = coding === undefined ? answered : decoders[coding as keyof typeof decoders](answered);
    expect(decoded.toString()).not.toBe(ORDER);
    expect(decoded.toString().replaceAll(/\d/g, '#')).toBe(ORDER.replaceAll(/\d/g, '#'));
  });

  it('of a request lets the callee read another order than was sent', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'corruptBody', direction: 'up', value: { what: 'fields', rate: 100, members: ['paid'] } })]);
    await using caller = undiciCaller(link.port);
    const headers = { 'content-type': 'application/json' };
    expect((await caller.ask('/order', { method: 'PUT', headers, body: ORDER })).status).toBe(200);
    expect(server.heard).toMatchObject([{ method: 'PUT', url: '/order', body: ORDER.replace('true', 'false') }]);
  });

  it('lets a body pass that grows too large, with the head it came with', async () => {
    const bomb = gzipSync(`"${'1'.repeat(3_000_000)}"`);
    await using server = await nodeServer((_heard, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' });
      response.end(bomb);
    });
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'corruptBody', value: { what: 'fields', rate: 100 } })]);
    expect((await fetchRaw(link.port)).equals(bomb)).toBe(true);
  });
});
