import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../../src/core/random.js';
import { corruptBody } from '../../../../src/dataplane/faults/http/corrupt-body.js';
import { answer, decider, editBody } from '../../../support/http-fault.js';

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };
const ORDER = '{"price": 1250, "paid": true}';

function corrupted(value: object, { fields, body }: { fields: Readonly<Record<string, string>>; body: string | Buffer }, seed = 1) {
  const random = drawStream(keyedDraw({ seed, faultId: 'corruptBody' }), 'message');
  const decision = decider(corruptBody, value)({ response: answer(200, fields), random });
  const edit = decision.kind === 'edit' ? decision.body : undefined;
  return { edit, body: editBody(edit, [body]) };
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
});
