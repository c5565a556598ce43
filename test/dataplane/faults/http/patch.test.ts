import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { BodyEdit } from '../../../../src/dataplane/faults/fault.js';
import { patch } from '../../../../src/dataplane/faults/http/patch.js';
import { answer, decider, editBody } from '../../../support/http-fault.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const bodyOf = (decision: unknown): BodyEdit | undefined => (decision as { body?: BodyEdit }).body;

/** What a patch makes of a JSON answer. */
function patched(value: unknown, body: string | Buffer, fields: Readonly<Record<string, string>> = JSON_TYPE): Buffer {
  return editBody(bodyOf(decider(patch, value)({ response: answer(200, fields) })), [body]);
}

describe('patch', () => {
  it.each([
    {},
    { headers: {}, bodyMax: '1KiB' },
    { status: 204 },
    { status: 600 },
    { headers: { 'transfer-encoding': null } },
    { headers: { 'x-a': 5 } },
    { body: [] },
    { body: 'text' },
    { body: null },
    { body: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) },
    { body: {}, bodyMax: '17MiB' },
    { body: {}, bodyMax: '0B' },
    { body: {}, bodyMax: 1024 },
    { merge: {} },
  ])('refuses %j', (value) => {
    expect(patch.schema.safeParse(value).success).toBe(false);
  });

  it('refuses a status for requests', () => {
    const params = patch.schema.parse({ status: 500 });
    expect([patch.misfit?.(params, 'up'), patch.misfit?.(params, 'both')]).toEqual([
      'requests have no `status`',
      'requests have no `status`',
    ]);
    expect(patch.misfit?.(params, 'down')).toBeUndefined();
    expect(patch.misfit?.(patch.schema.parse({ body: {} }), 'up')).toBeUndefined();
  });

  it('sets and removes headers and changes the status', () => {
    const decide = decider(patch, { status: 500, headers: { ETag: null, 'X-New': 'v' } });
    expect(decide({ response: answer() })).toEqual({
      kind: 'edit',
      head: { status: 500, set: { 'x-new': 'v' }, remove: ['etag'] },
    });
    expect(decide({ response: answer(101) })).toEqual({ kind: 'edit', head: { set: { 'x-new': 'v' }, remove: ['etag'] } });
  });

  it('merges into JSON and leaves the rest of the text alone', () => {
    const body = { price: 1, discount: null, tax: { rate: 0.1 } };
    expect(patched({ body }, '{ "price": 7.50, "id": 12345678901234567890, "discount":{} }').toString()).toBe(
      '{ "price": 1, "id": 12345678901234567890,"tax": {"rate":0.1} }',
    );
  });

  it.each(['application/problem+json; charset=utf-8', 'Application/JSON', 'application/vnd.api+json;v=1'])('reads %s', (type) => {
    expect(patched({ body: { a: 2 } }, '{"a":1}', { 'content-type': type }).toString()).toBe('{"a":2}');
  });

  it('codes a compressed body again', () => {
    const fields = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect(gunzipSync(patched({ body: { a: 2 } }, gzipSync('{"a":1}'), fields)).toString()).toBe('{"a":2}');
  });

  it('leaves other bodies as they came', () => {
    const untouched = [
      ['<a/>', { 'content-type': 'application/xml' }],
      ['{"a":1}', {}],
      ['{"a":1', JSON_TYPE],
      ['', JSON_TYPE],
      [Buffer.from([0x22, 0xff, 0x22]), JSON_TYPE],
      ['{"a":1}', { ...JSON_TYPE, 'content-encoding': 'zstd' }],
      [gzipSync(`{"a":"${'x'.repeat(2_000)}"}`), { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    ] as const;
    for (const [body, fields] of untouched)
      expect(patched({ body: { a: 2 }, bodyMax: '1KiB' }, body, fields)).toEqual(Buffer.from(body as string));
  });

  it('waits for no body that is not JSON', () => {
    expect(bodyOf(decider(patch, { body: { a: 2 } })({ response: answer(200, { 'content-type': 'text/event-stream' }) }))).toBeUndefined();
    expect(bodyOf(decider(patch, { status: 500 })({ response: answer(200, JSON_TYPE) }))).toBeUndefined();
  });
});
