import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openListener } from '../../../src/dataplane/listener.js';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';
import { type ServedControl, servedControl } from '../../support/control.js';
import { closedPort, serve } from '../../support/tcp.js';

let control: ServedControl;
beforeEach(async () => {
  control = await servedControl();
});
afterEach(() => control[Symbol.asyncDispose]());

const PLAIN = ['Content-Type: text/plain; charset=utf-8', 'X-Content-Type-Options: nosniff'];
const ID = /^X-Toxiproxy-Request-Id: [0-9a-v]{20}$/;

/** Status, body and content type of one request. */
async function ask(method: string, target: string, body?: unknown): Promise<{ status: number; body: string; type: string | undefined }> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await control.raw(method, target, { body: text });
  return { status: answer.status, body: answer.body, type: answer.headers.find((line) => /^content-type:/i.test(line))?.slice(14) };
}
const create = (given: object = {}) => ask('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: 'localhost:1', ...given });
const listenOf = async (name = 'p'): Promise<string> => JSON.parse((await ask('GET', `/proxies/${name}`)).body).listen;

describe('the frame of an answer', () => {
  it.each([
    ['GET', '/version', 200, 'Content-Type: application/json;charset=utf-8', '{"version": "2.12.0"}\n'],
    ['GET', '/proxies', 200, 'Content-Type: application/json', '{}'],
    ['POST', '/reset', 204, undefined, ''],
    ['POST', '/populate', 400, 'Content-Type: application/json', '{"error":"bad request body: EOF","status":400,"proxies":null}'],
    ['GET', '/proxies/none', 404, ...([PLAIN[0], '{"error":"proxy not found","status":404}\n'] as const)],
  ])('of %s %s is the one its clients know, with a request id', async (method, target, status, type, body) => {
    const answer = await control.raw(method, target);
    expect([answer.status, answer.body]).toEqual([status, body]);
    expect(answer.headers.filter((line) => ID.test(line))).toHaveLength(1);
    expect(answer.headers.filter((line) => line.startsWith('Content-Type'))).toEqual(type === undefined ? [] : [type]);
    expect(answer.headers.filter((line) => line.startsWith('Content-Length'))).toEqual(
      status === 204 ? [] : [`Content-Length: ${body.length}`],
    );
  });

  it.each([
    ['GET', '/'],
    ['GET', '/nope'],
    ['GET', '/proxies/'],
    ['GET', '/proxies/a%2Fb'],
    ['GET', '/proxies/a/toxics/'],
    ['GET', '/metrics'],
    ['GET', '/proxies/p/toxins'],
  ])('of %s %s, which is no route, is the plain page without an id', async (method, target) => {
    expect(await control.raw(method, target)).toEqual({
      status: 404,
      headers: [...PLAIN, 'Content-Length: 19'],
      body: '404 page not found\n',
    });
  });

  it.each([
    ['HEAD', '/proxies'],
    ['OPTIONS', '/proxies'],
    ['PUT', '/proxies'],
    ['DELETE', '/proxies'],
    ['PUT', '/proxies/p'],
    ['POST', '/version'],
    ['GET', '/reset'],
    ['GET', '/populate'],
    ['DELETE', '/proxies/p/toxics'],
    ['PUT', '/proxies/p/toxics/t'],
  ])('of %s %s, a wrong method, is empty', async (method, target) => {
    expect(await control.raw(method, target)).toEqual({ status: 405, headers: ['Content-Length: 0'], body: '' });
  });

  it.each([
    ['//proxies', '/proxies'],
    ['/a/../proxies', '/proxies'],
    ['/proxies//x?a=b', '/proxies/x?a=b'],
    ['/proxies/./', '/proxies/'],
  ])('of %s sends to the clean path, whatever the method', async (target, location) => {
    expect(await control.raw('POST', target)).toEqual({ status: 301, headers: [`Location: ${location}`, 'Content-Length: 0'], body: '' });
  });

  it('takes any content type', async () => {
    const head = ['Content-Type: application/x-www-form-urlencoded'];
    expect((await control.raw('POST', '/proxies', { body: '{"name":"f","upstream":"u:1"}', head })).status).toBe(201);
  });
});

describe('who may ask', () => {
  const agent = (name: string) => [`User-Agent: ${name}`];

  it('is anybody but a browser', async () => {
    const refused = await control.raw('GET', '/proxies', { head: agent('Mozilla/5.0 (X11)') });
    expect([refused.status, refused.body]).toEqual([403, 'User agent not allowed\n']);
    expect(refused.headers.filter((line) => ID.test(line))).toHaveLength(1);
    for (const name of ['mozilla/5.0', 'Mozilla', 'Wget/1.21', 'toxiproxy-cli/2.12'])
      expect((await control.raw('GET', '/proxies', { head: agent(name) })).status, name).toBe(200);
    expect((await control.raw('GET', '/nope', { head: agent('Mozilla/5.0') })).status).toBe(404);
    expect((await control.raw('PUT', '/proxies', { head: agent('Mozilla/5.0') })).status).toBe(405);
  });

  it('is not a page that was rebound to loopback, whatever agent it claims; clients by any name are let in', async () => {
    const page = ['Host: evil.example:8474', 'Origin: http://evil.example:8474', 'User-Agent: curl/8'];
    expect((await control.raw('POST', '/reset', { head: page })).status).toBe(403);
    expect((await control.raw('GET', '/proxies', { head: ['Host: evil.example:8474', 'Accept-Language: en'] })).status).toBe(403);
    expect((await control.raw('GET', '/proxies', { head: ['Host: toxiproxy:8474'] })).status).toBe(200);
    expect((await control.raw('GET', '/proxies', { head: ['Origin: http://elsewhere.example'] })).status).toBe(200);
  });

  it('leaves the native routes to their own guard, which knows no agents', async () => {
    expect((await control.raw('GET', '/v1/status', { head: agent('Mozilla/5.0') })).status).toBe(200);
    expect((await control.raw('GET', '/v1/status', { head: ['Host: toxiproxy:8474'] })).status).toBe(403);
  });

  it('needs the token where there is one, by header or in the URL', async () => {
    await using guarded = await servedControl({ token: 'secret' });
    const basic = (password: string) => [`Authorization: Basic ${Buffer.from(`any:${password}`).toString('base64')}`];
    expect((await guarded.raw('GET', '/proxies')).status).toBe(401);
    expect((await guarded.raw('GET', '/proxies', { head: basic('wrong') })).status).toBe(401);
    expect((await guarded.raw('GET', '/proxies', { head: basic('secret') })).status).toBe(200);
    expect((await guarded.raw('GET', '/version', { head: ['Authorization: Bearer secret'] })).status).toBe(200);
  });
});

describe('a proxy', () => {
  it('is echoed with its keys in order, and listed by name', async () => {
    const created = await ask('POST', '/proxies', { name: 'b<&>', listen: 'nonsense', upstream: 'ü:1', enabled: false });
    const text = '{"name":"b\\u003c\\u0026\\u003e","listen":"nonsense","upstream":"ü:1","enabled":false,"Logger":{},"toxics":[]}';
    expect(created).toEqual({ status: 201, body: text, type: 'application/json' });
    await create({ name: 'a', enabled: false, listen: '' });
    expect((await ask('GET', '/proxies')).body).toBe(
      `{"a":{"name":"a","listen":"","upstream":"localhost:1","enabled":false,"Logger":{},"toxics":[]},"b\\u003c\\u0026\\u003e":${text}}`,
    );
    expect((await ask('GET', '/proxies/b%3C&%3E')).body).toBe(text);
  });

  it.each([
    ['localhost:0', /^127\.0\.0\.1:\d+$/],
    ['127.0.0.2:0', /^127\.0\.0\.2:\d+$/],
    [':0', /^\[::\]:\d+$/],
    ['0.0.0.0:0', /^\[::\]:\d+$/],
    ['[::]:0', /^\[::\]:\d+$/],
    ['', /^\[::\]:\d+$/],
    ['[::1]:0', /^\[::1\]:\d+$/],
  ])('that was to listen on "%s" says where it does', async (listen, echoed) => {
    expect((await create({ listen })).status).toBe(201);
    expect(await listenOf()).toMatch(echoed);
  });

  it('that listens everywhere is reached over both families', async () => {
    await create({ listen: ':0' });
    const port = Number((await listenOf()).split(':').at(-1));
    for (const host of ['127.0.0.1', '::1']) {
      const socket = net.connect({ host, port });
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      socket.destroy();
    }
  });

  const errors: [string, object | string, number, string][] = [
    ['no body', '', 400, 'bad request body: EOF'],
    ['half a body', '{"name":', 400, 'bad request body: unexpected EOF'],
    ['no JSON', 'bad', 400, "bad request body: invalid character 'b' looking for beginning of value"],
    ['nearly null', 'not json', 400, "bad request body: invalid character 'o' in literal null (expecting 'u')"],
    ['a list', '[]', 400, 'bad request body: json: cannot unmarshal array into Go value of type toxiproxy.Proxy'],
    [
      'a number for a name',
      { name: 1 },
      400,
      'bad request body: json: cannot unmarshal number into Go struct field Proxy.name of type string',
    ],
    [
      'a text for enabled',
      { enabled: 'x' },
      400,
      'bad request body: json: cannot unmarshal string into Go struct field Proxy.enabled of type bool',
    ],
    [
      'a text for Logger',
      { Logger: 'x' },
      400,
      'bad request body: json: cannot unmarshal string into Go struct field Proxy.Logger of type zerolog.Logger',
    ],
    ['null', 'null', 400, 'missing required field: name'],
    ['no name', { upstream: 'u:1' }, 400, 'missing required field: name'],
    ['no upstream', { name: 'p' }, 400, 'missing required field: upstream'],
    ['no port', { name: 'p', upstream: 'u', listen: 'local373' }, 500, 'listen tcp: address local373: missing port in address'],
    ['a port too high', { name: 'p', upstream: 'u', listen: ':99999' }, 500, 'listen tcp: address 99999: invalid port'],
    ['an unknown service', { name: 'p', upstream: 'u', listen: ':abc' }, 500, 'listen tcp: address tcp/abc: unknown port'],
    ['a bare IPv6 address', { name: 'p', upstream: 'u', listen: '::1:80' }, 500, 'listen tcp: address ::1:80: too many colons in address'],
    ['an open bracket', { name: 'p', upstream: 'u', listen: '[::1:80' }, 500, "listen tcp: address [::1:80: missing ']' in address"],
    [
      'an address of others',
      { name: 'p', upstream: 'u', listen: '192.0.2.1:0' },
      500,
      'listen tcp 192.0.2.1:0: bind: cannot assign requested address',
    ],
    ['a star', { name: 'p', upstream: 'u', listen: '*:80' }, 500, 'listen tcp: lookup *: no such host'],
  ];
  it.each(errors)('is refused for %s, and leaves nothing behind', async (_, body, status, message) => {
    const answer = await ask('POST', '/proxies', body);
    expect(answer).toEqual({
      status,
      body: `{"error":${JSON.stringify(message)},"status":${status}}\n`,
      type: 'text/plain; charset=utf-8',
    });
    expect((await ask('GET', '/proxies')).body).toBe('{}');
  });

  it('is refused for a name or a port that is taken, the name first', async () => {
    await create();
    const listen = await listenOf();
    expect((await create({ listen })).body).toBe('{"error":"proxy already exists","status":409}\n');
    const answer = await create({ name: 'q', listen: listen.replace('127.0.0.1', 'localhost') });
    expect([answer.status, answer.body]).toEqual([500, `{"error":"listen tcp ${listen}: bind: address already in use","status":500}\n`]);
    await ask('DELETE', '/proxies/p');
    expect((await create({ name: 'q', listen })).status).toBe(201);
  });

  it('has keys in any case, and nulls that mean the default; what follows the value is ignored', async () => {
    const body = '{"NAME":"p","Upstream":"u:1","enabled":null,"listen":null,"toxics":7,"x":[{}]} and more';
    expect((await ask('POST', '/proxies', body)).body).toMatch(/^{"name":"p","listen":"\[::\]:\d+","upstream":"u:1","enabled":true,/);
  });
});

describe('an update of a proxy', () => {
  it.each(['POST', 'PATCH'])('by %s disables and enables it on the same port, toxics and all', async (method) => {
    await create();
    const listen = await listenOf();
    await ask('POST', '/proxies/p/toxics', { type: 'noop' });
    expect(JSON.parse((await ask(method, '/proxies/p', { enabled: false })).body)).toMatchObject({ enabled: false, listen });
    await expect(connects(listen)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const enabled = JSON.parse((await ask(method, '/proxies/p', { enabled: true, name: 'ignored' })).body);
    expect(enabled).toMatchObject({ name: 'p', enabled: true, listen, toxics: [{ type: 'noop' }] });
    await connects(listen);
    expect((await ask(method, '/proxies/p', '{}')).status).toBe(200);
    expect((await ask(method, '/proxies/p', 'null')).status).toBe(200);
    expect((await ask(method, '/proxies/p', { upstream: '' })).body).toContain('"upstream":""');
  });

  it('keeps connections when the address is the same in other words, and drops them when it is not', async () => {
    await using upstream = await serve(() => {});
    for (const [listen, again] of [['127.0.0.1:0', 'localhost'] as const, [':0', '0.0.0.0'] as const, [':0', ''] as const]) {
      await create({ listen, upstream: `127.0.0.1:${upstream.port}` });
      const port = (await listenOf()).split(':').at(-1);
      const socket = await connects(`127.0.0.1:${port}`);
      let isClosed = false;
      socket.once('close', () => {
        isClosed = true;
      });
      await ask('PATCH', '/proxies/p', { listen: `${again}:${port}` });
      await ask('PATCH', '/proxies/p', {});
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(isClosed, `${listen} ${again}`).toBe(false);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      await ask('PATCH', '/proxies/p', { upstream: `localhost:${upstream.port}` });
      await closed;
      await ask('DELETE', '/proxies/p');
    }
  });

  it('checks in order: the proxy, the body, the address, the port', async () => {
    expect((await ask('POST', '/proxies/none', 'bad')).status).toBe(404);
    await create();
    const listen = await listenOf();
    expect((await ask('POST', '/proxies/p', 'bad')).status).toBe(400);
    const bad = await ask('POST', '/proxies/p', { listen: 'local373', enabled: false });
    expect([bad.status, bad.body]).toEqual([500, '{"error":"address local373: missing port in address","status":500}\n']);
    expect(JSON.parse((await ask('GET', '/proxies/p')).body)).toMatchObject({ listen, enabled: true });
    await using taken = await serve(() => {});
    const conflict = await ask('POST', '/proxies/p', { listen: `localhost:${taken.port}` });
    expect(conflict.body).toBe(`{"error":"listen tcp 127.0.0.1:${taken.port}: bind: address already in use","status":500}\n`);
    expect(JSON.parse((await ask('GET', '/proxies/p')).body)).toMatchObject({ listen: `localhost:${taken.port}`, enabled: false });
    await taken[Symbol.asyncDispose]();
    expect(JSON.parse((await ask('POST', '/proxies/p', { enabled: true })).body)).toMatchObject({ enabled: true });
  });
});

describe('reset', () => {
  it('enables every proxy and removes every toxic', async () => {
    await create({ enabled: false });
    await create({ name: 'q' });
    await ask('POST', '/proxies/q/toxics', { type: 'latency' });
    expect((await ask('POST', '/reset', 'anything')).status).toBe(204);
    const all = JSON.parse((await ask('GET', '/proxies')).body);
    expect(all).toMatchObject({ p: { enabled: true, toxics: [] }, q: { enabled: true, toxics: [] } });
  });

  it('tells of a port that is taken', async () => {
    await using taken = await serve(() => {});
    await create({ enabled: false, listen: `localhost:${taken.port}` });
    const answer = await ask('POST', '/reset');
    expect([answer.status, answer.body]).toEqual([
      500,
      `{"error":"listen tcp 127.0.0.1:${taken.port}: bind: address already in use","status":500}\n`,
    ]);
  });
});

describe('populate', () => {
  const populate = (list: unknown) => ask('POST', '/populate', list);
  const parsed = async (list: unknown) => {
    const { status, body } = await populate(list);
    return { status, ...(JSON.parse(body) as { error?: string; proxies: Record<string, unknown>[] | null }) };
  };

  it('creates in order, and answers with what it made', async () => {
    const { status, proxies } = await parsed([
      { name: 'one', listen: '127.0.0.1:0', upstream: 'u:1' },
      { name: 'two', listen: 'x', upstream: 'u:2', enabled: false, toxics: 5 },
    ]);
    expect([status, proxies?.map((p) => [p['name'], p['enabled']])]).toEqual([
      201,
      [
        ['one', true],
        ['two', false],
      ],
    ]);
    expect((await populate([])).body).toBe('{"proxies":null}');
  });

  it('refuses the whole list for one bad entry', async () => {
    const answer = await populate([{ name: 'a', upstream: 'u' }, { upstream: 'u' }]);
    expect(answer).toEqual({
      status: 400,
      body: '{"error":"missing required field: name at proxy 2","status":400,"proxies":null}',
      type: 'application/json',
    });
    expect((await populate([{ name: 'a' }])).body).toContain('missing required field: upstream at proxy 1');
    expect((await populate('{}')).body).toMatch(/json: cannot unmarshal object into Go value of type \[\]struct {/);
    expect((await ask('GET', '/proxies')).body).toBe('{}');
  });

  it('stops at the first failure and says what was done before', async () => {
    const entry = (name: string, listen: string) => ({ name, listen, upstream: 'u:1' });
    const { status, error, proxies } = await parsed([entry('one', '127.0.0.1:0'), entry('two', 'local373'), entry('three', '127.0.0.1:0')]);
    expect([status, error, proxies?.map((p) => p['name'])]).toEqual([
      500,
      'listen tcp: address local373: missing port in address',
      ['one'],
    ]);
    expect(Object.keys(JSON.parse((await ask('GET', '/proxies')).body) as object)).toEqual(['one']);
  });

  it.each([['localhost'], ['0.0.0.0'], ['']])('keeps a proxy that is the same under "%s", toxics, state and all', async (host) => {
    await create({ listen: `${host}:0` });
    await ask('POST', '/proxies/p/toxics', { type: 'noop' });
    const port = (await listenOf()).split(':').at(-1);
    const { proxies } = await parsed([{ name: 'p', listen: `${host}:${port}`, upstream: 'localhost:1', enabled: false }]);
    expect(proxies).toMatchObject([{ enabled: true, toxics: [{ type: 'noop' }] }]);
  });

  it('replaces one that differs, without its toxics; port 0 always differs', async () => {
    await create();
    await ask('POST', '/proxies/p/toxics', { type: 'noop' });
    const { proxies } = await parsed([{ name: 'p', listen: '127.0.0.1:0', upstream: 'localhost:1' }]);
    expect(proxies).toMatchObject([{ enabled: true, toxics: [] }]);
  });

  it('leaves the old one stopped if its replacement cannot be started, and untouched if its address is nonsense', async () => {
    await create();
    const listen = await listenOf();
    await ask('POST', '/proxies/p/toxics', { type: 'noop' });
    const bad = await parsed([{ name: 'p', listen: 'local373', upstream: 'u:1' }]);
    expect(bad).toMatchObject({ status: 500, error: 'address local373: missing port in address', proxies: null });
    expect(JSON.parse((await ask('GET', '/proxies/p')).body)).toMatchObject({ enabled: true, listen });
    await using taken = await serve(() => {});
    expect((await parsed([{ name: 'p', listen: `127.0.0.1:${taken.port}`, upstream: 'u:1' }])).status).toBe(500);
    expect(JSON.parse((await ask('GET', '/proxies/p')).body)).toMatchObject({ enabled: false, listen, toxics: [{ type: 'noop' }] });
  });

  it('replaces nothing while a run uses the daemon, and goes on answering where nothing differs', async () => {
    const spec = { name: 'link', listen: '127.0.0.1:0', upstream: 'localhost:1', protected: true };
    const { listen } = await control.daemon.createProxy(proxySpecSchema.parse(spec));
    control.daemon.claim('game-day');
    const same = { name: 'link', listen, upstream: 'localhost:1' };
    const refusal = { status: 409, error: 'run game-day is using this daemon' };
    expect(await parsed([same, { ...same, upstream: 'localhost:2' }])).toMatchObject({ ...refusal, proxies: [{ name: 'link' }] });
    expect(control.daemon.proxy('link')).toMatchObject({ listen, upstream: 'localhost:1', enabled: true, protected: true });
    expect(await parsed([same])).toMatchObject({ status: 201, proxies: [{ name: 'link', listen }] });
  });

  it('lets a later entry of the same name replace the earlier', async () => {
    const entry = { name: 'a', listen: '127.0.0.1:0', upstream: 'u:1' };
    const { proxies } = await parsed([entry, { ...entry, upstream: 'u:2' }]);
    expect(proxies).toMatchObject([
      { upstream: 'u:1', enabled: false },
      { upstream: 'u:2', enabled: true },
    ]);
  });
});

describe('a toxic', () => {
  const add = (given: unknown) => ask('POST', '/proxies/p/toxics', given);
  beforeEach(async () => {
    await create();
  });

  it.each([
    ['latency', '{"latency":0,"jitter":0}'],
    ['bandwidth', '{"rate":0}'],
    ['slow_close', '{"delay":0}'],
    ['timeout', '{"timeout":0}'],
    ['reset_peer', '{"timeout":0}'],
    ['slicer', '{"average_size":0,"size_variation":0,"delay":0}'],
    ['limit_data', '{"bytes":0}'],
    ['noop', '{}'],
  ])('of type %s echoes its defaults in order', async (type, attributes) => {
    const text = `{"attributes":${attributes},"name":"${type}_downstream","type":"${type}","stream":"downstream","toxicity":1}`;
    expect(await add({ type })).toEqual({ status: 200, body: text, type: 'application/json' });
    expect((await ask('GET', `/proxies/p/toxics/${type}_downstream`)).body).toBe(text);
    expect((await ask('GET', '/proxies/p/toxics')).body).toBe(`[${text}]`);
    expect((await ask('DELETE', `/proxies/p/toxics/${type}_downstream`)).status).toBe(204);
    expect((await ask('GET', '/proxies/p/toxics')).body).toBe('[]');
  });

  it('drops unknown attributes, keeps integers of 64 bits, and its stream as typed', async () => {
    const body = '{"type":"latency","stream":"UpStream","attributes":{"JITTER":9007199254740993,"x":1,"latency":-5}}';
    expect((await add(body)).body).toBe(
      '{"attributes":{"latency":-5,"jitter":9007199254740993},"name":"latency_UpStream","type":"latency","stream":"UpStream","toxicity":1}',
    );
  });

  it.each([
    ['0.2', '0.2'],
    ['0.123456789', '0.12345679'],
    ['1e-7', '1e-7'],
    ['1e10', '10000000000'],
    ['-3', '-3'],
    ['null', '1'],
  ])('has a toxicity of 32 bits: %s is %s', async (sent, echoed) => {
    expect((await add(`{"type":"noop","toxicity":${sent}}`)).body).toContain(`"toxicity":${echoed}}`);
  });

  const decoder = (text: string) => `bad request body: json: cannot unmarshal ${text}`;
  it.each([
    ['{"stream":"x","type":"y"}', 'stream was invalid, can be either upstream or downstream'],
    ['{"stream":"","type":"latency"}', 'stream was invalid, can be either upstream or downstream'],
    ['{"stream":"constructor","type":"latency"}', 'stream was invalid, can be either upstream or downstream'],
    ['{}', 'invalid toxic type'],
    ['{"type":"Latency"}', 'invalid toxic type'],
    ['{"type":"down"}', 'invalid toxic type'],
    ['{"type":"abort"}', 'invalid toxic type'],
    ['{"type":"constructor"}', 'invalid toxic type'],
    ['{"type":"latency","stream":5}', decoder('number into Go struct field ToxicWrapper.stream of type string')],
    ['{"type":"latency","toxicity":"1"}', decoder('string into Go struct field ToxicWrapper.toxicity of type float32')],
    ['{"type":"latency","toxicity":1e39}', decoder('number 1e39 into Go struct field ToxicWrapper.toxicity of type float32')],
    ['{"type":"latency","attributes":"x"}', decoder('string into Go struct field ToxicWrapper.attributes of type toxics.NoopToxic')],
    [
      '{"type":"latency","attributes":{"latency":"100"}}',
      decoder('string into Go struct field LatencyToxic.attributes.latency of type int64'),
    ],
    [
      '{"type":"latency","attributes":{"latency":100.5}}',
      decoder('number 100.5 into Go struct field LatencyToxic.attributes.latency of type int64'),
    ],
    [
      '{"type":"latency","attributes":{"latency":1e2}}',
      decoder('number 1e2 into Go struct field LatencyToxic.attributes.latency of type int64'),
    ],
    [
      '{"type":"slicer","attributes":{"average_size":-1.5}}',
      decoder('number -1.5 into Go struct field SlicerToxic.attributes.average_size of type int'),
    ],
  ])('is refused for %s', async (body, message) => {
    expect(await add(body)).toEqual({
      status: 400,
      body: `{"error":${JSON.stringify(message)},"status":400}\n`,
      type: 'text/plain; charset=utf-8',
    });
    expect((await ask('GET', '/proxies/p/toxics')).body).toBe('[]');
  });

  it('has a name that no other toxic of the proxy has, in either direction', async () => {
    await add({ type: 'latency', name: 't' });
    const twice = await add({ type: 'bandwidth', name: 't', stream: 'upstream', attributes: { rate: 'x' } });
    expect([twice.status, twice.body]).toEqual([409, '{"error":"toxic already exists","status":409}\n']);
    expect((await add({ type: 'latency' })).status).toBe(200);
    expect((await add({ type: 'latency', stream: 'upstream' })).status).toBe(200);
    const names = (JSON.parse((await ask('GET', '/proxies/p')).body).toxics as { name: string }[]).map((toxic) => toxic.name);
    expect(names).toEqual(['latency_upstream', 't', 'latency_downstream']);
  });

  it('is updated attribute by attribute, in its place, and not at all by half a body', async () => {
    await add({ type: 'latency', name: 't', toxicity: 0.5, attributes: { latency: 100, jitter: 10 } });
    await add({ type: 'noop', name: 'u' });
    const text = (latency: number, toxicity: number) =>
      `{"attributes":{"latency":${latency},"jitter":10},"name":"t","type":"latency","stream":"downstream","toxicity":${toxicity}}`;
    expect((await ask('PATCH', '/proxies/p/toxics/t', { attributes: { latency: 50 }, name: 'x', type: 'y' })).body).toBe(text(50, 0.5));
    expect((await ask('POST', '/proxies/p/toxics/t', { toxicity: 1 })).body).toBe(text(50, 1));
    const bad = await ask('PATCH', '/proxies/p/toxics/t', { attributes: { latency: 99, jitter: 'x' }, toxicity: 0.9 });
    expect([bad.status, bad.body]).toEqual([
      400,
      `{"error":"${decoder('string into Go struct field LatencyToxic.attributes.jitter of type int64')}","status":400}\n`,
    ]);
    expect((await ask('PATCH', '/proxies/p/toxics/t', { toxicity: 'x' })).body).toContain('Go struct field .toxicity of type float32');
    expect((await ask('GET', '/proxies/p/toxics')).body).toMatch(new RegExp(`^\\[${text(50, 1).replace(/[{}[\]]/g, '\\$&')},`));
  });

  it('is not found where it is not, nor on a proxy that is not there', async () => {
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
      expect((await ask(method, '/proxies/p/toxics/t', 'bad')).body).toBe('{"error":"toxic not found","status":404}\n');
      expect((await ask(method, '/proxies/q/toxics/t', 'bad')).body).toBe('{"error":"proxy not found","status":404}\n');
    }
    expect((await ask('POST', '/proxies/q/toxics', 'bad')).body).toBe('{"error":"proxy not found","status":404}\n');
  });

  it('of a type of ours has attributes with units, checked by that type', async () => {
    const made = await add({ type: 'flap', stream: 'upstream', attributes: { up: '1s', down: '2s' } });
    expect(made.body).toBe('{"attributes":{"up":"1s","down":"2s"},"name":"flap_upstream","type":"flap","stream":"upstream","toxicity":1}');
    expect((await ask('PATCH', '/proxies/p/toxics/flap_upstream', { attributes: { up: '3s' } })).body).toContain('{"up":"3s","down":"2s"}');
    const bad = await ask('PATCH', '/proxies/p/toxics/flap_upstream', { attributes: { up: 3 } });
    expect([bad.status, bad.body]).toEqual([400, expect.stringContaining('bad request body: value.up: expected a duration')]);
    expect((await ask('GET', '/proxies/p/toxics/flap_upstream')).body).toContain('{"up":"3s","down":"2s"}');
  });
});

describe('a Unix-domain socket', () => {
  const path = join(tmpdir(), `toxiproxy-${process.pid}.sock`);

  it('of a proxy made elsewhere stays through updates, populate and reset', async () => {
    const listen = `unix:${path}`;
    await control.daemon.createProxy(proxySpecSchema.parse({ name: 'p', listen, upstream: 'localhost:1' }));
    for (const [method, target, body] of [
      ['POST', '/proxies/p', { enabled: false }],
      ['POST', '/proxies/p', { enabled: true }],
      ['PATCH', '/proxies/p', { upstream: 'localhost:2' }],
      ['PATCH', '/proxies/p', { listen }],
      ['POST', '/proxies/p', { enabled: false }],
    ] as const)
      expect(await ask(method, target, body)).toMatchObject({ status: 200, body: expect.stringContaining(`"listen":"${listen}"`) });
    expect((await ask('POST', '/reset')).status).toBe(204);
    const populated = await ask('POST', '/populate', [{ name: 'p', listen, upstream: 'localhost:2' }]);
    expect([populated.status, JSON.parse(populated.body)]).toMatchObject([201, { proxies: [{ listen, enabled: true }] }]);
  });

  it('that somebody listens on is refused in words like those for ports', async () => {
    const holder = await openListener({ path }, (accepted) => accepted.refuse());
    expect((await create({ listen: `unix:${path}` })).body).toBe(
      `{"error":"listen unix ${path}: bind: address already in use","status":500}\n`,
    );
    await holder.close();
  });

  it.each(['unix:', 'unix:relative', 'unix:80'])('%s is an address like any other text', async (listen) => {
    expect((await create({ listen })).status).toBe(500);
  });
});

describe('one collection', () => {
  it('proxies made natively and by Toxiproxy clients are the same ones', async () => {
    const native = (method: string, target: string, body?: object) =>
      control.raw(method, target, { body: JSON.stringify(body ?? {}), head: ['Content-Type: application/json'] });
    await native('POST', '/v1/proxies', { name: 'link', protocol: 'http', upstream: `127.0.0.1:${await closedPort()}` });
    await create();
    expect(Object.keys(JSON.parse((await ask('GET', '/proxies')).body) as object)).toEqual(['link', 'p']);
    await ask('POST', '/proxies/link/toxics', { type: 'latency', toxicity: 0.4 });
    const { faults } = JSON.parse((await native('GET', '/v1/faults')).body) as { faults: object[] };
    expect(faults).toMatchObject([{ id: 'toxic:link/latency_downstream', type: 'latency', run: 'toxiproxy-api', endsInMs: null }]);
    await native('POST', '/v1/halt', { reason: 'enough' });
    expect((await ask('GET', '/proxies/link/toxics')).body).toBe('[]');
    expect((await ask('POST', '/proxies/link/toxics', { type: 'latency' })).status).toBe(423);
    await native('DELETE', '/v1/halt');
    expect((await native('POST', '/v1/faults', { run: 'r', faults: [{ id: 'toxic:x', type: 'blackhole', proxies: ['p'] }] })).status).toBe(
      400,
    );
    await native('POST', '/v1/runs', { run: 'game-day' });
    for (const [method, target] of [
      ['POST', '/reset'],
      ['DELETE', '/proxies/p'],
      ['POST', '/proxies/p/toxics'],
    ] as const)
      expect((await ask(method, target, '{"type":"noop"}')).body).toBe('{"error":"run game-day is using this daemon","status":409}\n');
  });
});

describe('metrics', () => {
  it('count bytes while they pass, under Toxiproxy’s names', async () => {
    await using counted = await servedControl({ proxyMetrics: true, runtimeMetrics: true });
    await using upstream = await serve((socket) => socket.resume());
    const made = JSON.parse(
      (await counted.raw('POST', '/proxies', { body: `{"name":"m","listen":"localhost:0","upstream":"127.0.0.1:${upstream.port}"}` })).body,
    ) as { listen: string };
    const socket = await connects(made.listen);
    socket.write('hello');
    const line = (what: string, bytes: number) =>
      `toxiproxy_proxy_${what}_bytes_total{direction="upstream",listener="${made.listen}",proxy="m",upstream="127.0.0.1:${upstream.port}"} ${bytes}\n`;
    await expect.poll(async () => (await counted.raw('PUT', '/metrics')).body).toContain(line('received', 5));
    const answer = await counted.raw('GET', '/metrics');
    expect(answer.body).toContain(line('sent', 5));
    expect(answer.body).toMatch(/^go_build_info{checksum="[^"]*",path="[^"]*",version="[^"]*"} 1$/m);
    expect(answer.headers).toContain('Content-Type: text/plain; version=0.0.4; charset=utf-8');
    expect((await counted.raw('GET', '/metrics', { head: ['User-Agent: Mozilla/5.0'] })).status).toBe(403);
    socket.destroy();
  });
});

function connects(address: string): Promise<net.Socket> {
  const port = Number(address.split(':').at(-1));
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port }, () => resolve(socket));
    socket.on('error', reject);
  });
}
