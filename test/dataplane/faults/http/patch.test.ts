import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { BodyEdit } from '../../../../src/dataplane/faults/fault.js';
import { patch } from '../../../../src/dataplane/faults/http/patch.js';
import { httpProxyTo } from '../../../support/http.js';
import { answer, decider, editBody } from '../../../support/http-fault.js';
import { curl, nginxServer, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault } from '../../../support/tcp.js';

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

describe('patch on a link', () => {
  it('changes members of a JSON answer, whatever its framing', async () => {
    const text = '{ "id": 12345678901234567890, "price": 7.50 }';
    await using server = await nodeServer(({ url }, response) => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('etag', '"v1"');
      if (url === '/length') response.setHeader('content-length', text.length);
      if (url === '/close') response.setHeader('connection', 'close');
      response.write(text.slice(0, 20));
      response.end(text.slice(20));
    });
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([
      activeFault({ type: 'patch', value: { status: 299, headers: { etag: null, 'x-new': '1' }, body: { price: 1 } } }),
    ]);
    for (const path of ['/length', '/chunked', '/close', '/length']) {
      const said = await caller.ask(path);
      expect(said).toMatchObject({ status: 299, headers: { 'x-new': '1' }, body: text.replace('7.50', '1') });
      expect(said.headers).not.toHaveProperty('etag');
    }
    expect((await curl('--http1.0', `http://127.0.0.1:${link.port}/length`)).stdout).toBe(text.replace('7.50', '1'));
  });

  it('gets through to what nginx compresses', async () => {
    const page = `{"price":7,"text":"${'long '.repeat(500)}"}`;
    await using server = await nginxServer(
      `default_type application/json; gzip on; gzip_types application/json; location / { return 200 '${page}'; }`,
    );
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'patch', value: { body: { price: 1 } } })]);
    const url = `http://127.0.0.1:${link.port}/`;
    const { exit, stdout } = await curl('--compressed', '-w', ' coded by %header{content-encoding}', url);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${page.replace('7', '1')} coded by gzip` });
  });

  it('lets a body that is too large pass as it came', async () => {
    const large = JSON.stringify({ price: 7, text: 'x'.repeat(500_000) });
    await using server = await nodeServer((_heard, response) => response.setHeader('content-type', 'application/json').end(large));
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'patch', value: { body: { price: 1 }, bodyMax: '100KiB' } })]);
    expect((await caller.ask()).body === large).toBe(true);
  });

  it('changes what the callee is told', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([
      activeFault({ type: 'patch', direction: 'up', value: { headers: { authorization: null }, body: { amount: 1000 } } }),
    ]);
    const headers = { 'content-type': 'application/json', authorization: 'me' };
    await caller.ask('/pay', { method: 'POST', body: '{"amount":1,"to":"x"}', headers });
    expect(server.heard).toMatchObject([{ body: '{"amount":1000,"to":"x"}' }]);
    expect(server.heard[0]?.headers).not.toHaveProperty('authorization');
  });
});
