import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createControlApp } from '../../src/control/app.js';
import { GatewayKeeper } from '../../src/control/gateway-keeper.js';
import { PeopleDesk } from '../../src/control/people-desk.js';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';

let upstream: Server;
let upstreamAddress: string;
let daemon: Daemon;
let app: ReturnType<typeof createControlApp>;

beforeEach(async () => {
  upstream = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  upstreamAddress = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  daemon = new Daemon({ clock: hostClock, environment: 'test' });
  const people = new PeopleDesk(daemon);
  app = createControlApp({ daemon, gateway: new GatewayKeeper(daemon), people, version: '1.2.3', host: '127.0.0.1' });
});
afterEach(async () => {
  await daemon[Symbol.asyncDispose]();
  upstream.closeAllConnections();
  upstream.close();
});

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const response = await app.request(path, {
    method,
    headers: {
      host: '127.0.0.1:8474',
      ...(text && { 'content-type': 'application/json', 'content-length': String(text.length) }),
      ...headers,
    },
    ...(text && { body: text }),
  });
  const answer = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers field by field
  return { status: response.status, body: answer === '' ? undefined : (JSON.parse(answer) as any) };
}

const createProxy = (options: object = {}) =>
  call('POST', '/v1/proxies', { name: 'p', protocol: 'http', upstream: upstreamAddress, ...options });
const abort = { id: 'a', type: 'abort', proxies: ['p'], value: { status: 503 } };

describe('chaos by hand', () => {
  it('puts a fault on beside a run, foretells, changes, renews and ends it', async () => {
    const { body: proxy } = await createProxy();
    await call('POST', '/v1/runs', { run: 'r' });
    expect((await call('POST', '/v1/faults', { run: 'by-hand', faults: [abort] })).body).toMatchObject({ code: 'RUN_ACTIVE' });
    expect((await call('POST', '/v1/hand/preview', { fault: abort })).body).toMatchObject({ links: [{ link: 'p' }], cannotTell: [] });
    expect((await call('POST', '/v1/hand', { by: 'ann', faults: [abort] })).status).toBe(201);
    expect((await fetch(`http://${proxy.listen}/`)).status).toBe(503);
    expect((await call('PATCH', '/v1/hand/a', { percentage: 0 })).body).toMatchObject({ percentage: 0, by: 'ann' });
    expect((await fetch(`http://${proxy.listen}/`)).status).toBe(200);
    expect((await call('POST', '/v1/hand/renew', { faults: ['a', 'b'] })).body).toEqual({ gone: ['b'] });
    expect((await call('GET', '/v1/hand')).body).toMatchObject({ faults: [{ id: 'a', beside: 'r' }], asked: [] });
    expect((await call('DELETE', '/v1/hand/a')).status).toBe(204);
    expect((await call('GET', '/v1/faults')).body.faults).toEqual([]);
  });

  it('finds every fault described, with a schema of what it takes', async () => {
    const { body } = await call('GET', '/v1/catalog/faults');
    expect(body.fields.properties.percentage).toMatchObject({ description: expect.stringContaining('share') });
    const latency = body.faults.find(({ name }: { name: string }) => name === 'latency');
    expect(latency).toMatchObject({ protocol: 'tcp', carriers: ['tcp', 'http', 'http2'] });
    expect(latency.value.properties.latency.description).toBeTruthy();
    expect(body.faults.map(({ name }: { name: string }) => name)).toContain('pause');
  });
});

describe('a fault by way of the API', () => {
  it('is felt by the next request, and gone when it is removed', async () => {
    const { body: proxy } = await createProxy();
    const status = async () => (await fetch(`http://${proxy.listen}/`)).status;
    expect(await status()).toBe(200);
    expect((await call('POST', '/v1/faults', { run: 'by-hand', faults: [abort] })).status).toBe(201);
    expect(await status()).toBe(503);
    expect((await call('GET', '/v1/faults')).body.faults).toMatchObject([{ id: 'a', matched: 1, applied: 1, skipped: 0 }]);
    expect((await call('DELETE', '/v1/faults/a')).body.ended).toMatchObject([{ id: 'a', matched: 1 }]);
    expect(await status()).toBe(200);
  });

  it('that holds messages lets them go when it is released, oldest first, and holds on', async () => {
    const { body: proxy } = await createProxy();
    await call('POST', '/v1/faults', { run: 'by-hand', faults: [{ id: 'h', type: 'hold', proxies: ['p'] }] });
    const release = (body?: object) => call('POST', '/v1/faults/h/release', body);
    const held = async () => (await call('GET', '/v1/faults')).body.faults[0].held as number;
    expect(await release()).toMatchObject({ status: 409, body: { code: 'FAULT_HOLDS_NOTHING' } });
    const answered: number[] = [];
    const requests: Promise<unknown>[] = [];
    for (let n = 1; n <= 3; n++) {
      requests.push(fetch(`http://${proxy.listen}/${n}`).then(() => answered.push(n)));
      await expect.poll(held).toBe(n);
    }
    expect(await release({ count: 1 })).toMatchObject({ status: 200, body: { released: 1, held: 2 } });
    await expect.poll(() => answered).toEqual([1]);
    expect((await release()).body).toEqual({ released: 2, held: 0 });
    await Promise.all(requests);
    expect(await release({ count: 0 })).toMatchObject({ status: 400 });
    expect(await call('POST', '/v1/faults/nobody/release')).toMatchObject({ status: 404, body: { code: 'FAULT_UNKNOWN' } });
  });

  it('is refused whole when one of several is wrong', async () => {
    await createProxy();
    const answer = await call('POST', '/v1/faults', { run: 'r', faults: [abort, { ...abort, id: 'b', value: { status: 42 } }] });
    expect([answer.status, answer.body.code]).toEqual([400, 'FAULT_INVALID']);
    expect((await call('GET', '/v1/faults')).body.faults).toEqual([]);
  });

  it('is changed in place, and says so', async () => {
    await createProxy();
    await call('POST', '/v1/faults', { run: 'r', faults: [{ ...abort, ramp: { from: 10, to: 50, step: 10, every: '1h' } }] });
    expect((await call('GET', '/v1/faults')).body.faults).toMatchObject([{ isOn: true, percentage: 10 }]);
    const { status, body } = await call('PATCH', '/v1/faults/a', { percentage: 30, value: { status: 500 } });
    expect([status, body.percentage]).toEqual([200, 30]);
    expect((await call('PATCH', '/v1/faults/b', { percentage: 30 })).body.code).toBe('FAULT_UNKNOWN');
    expect((await call('PATCH', '/v1/faults/a', { value: { status: 42 } })).body.code).toBe('FAULT_INVALID');
    expect((await call('PATCH', '/v1/faults/a', { type: 'delay' })).body.code).toBe('REQUEST_INVALID');
  });

  it.each([
    ['a source that is no network', { ...abort, source: ['10.0.0.0/33'] }, 400, 'REQUEST_INVALID'],
    ['a pulse without a rest', { ...abort, pulse: { active: '1s' } }, 400, 'REQUEST_INVALID'],
    ['an unknown type', { ...abort, type: 'abbort' }, 400, 'UNKNOWN_FAULT_TYPE'],
    ['an unknown proxy', { ...abort, proxies: ['q'] }, 404, 'PROXY_UNKNOWN'],
    ['a misspelt key', { ...abort, percent: 10 }, 400, 'REQUEST_INVALID'],
    ['a lease without a unit', { ...abort, lease: 10 }, 400, 'REQUEST_INVALID'],
  ])('is refused for %s', async (_, fault, status, code) => {
    await createProxy();
    const answer = await call('POST', '/v1/faults', { run: 'r', faults: [fault] });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('is refused on a protected proxy, and an http fault on a tcp proxy', async () => {
    await createProxy({ protected: true });
    expect((await call('POST', '/v1/faults', { run: 'r', faults: [abort] })).body.code).toBe('PROXY_PROTECTED');
    await createProxy({ name: 't', protocol: 'tcp' });
    expect((await call('POST', '/v1/faults', { run: 'r', faults: [{ ...abort, proxies: ['t'] }] })).body.code).toBe('FAULT_PROTOCOL');
  });
});

describe('connections by way of the API', () => {
  it('are listed and killed; what is not there is named', async () => {
    const { body: proxy } = await createProxy();
    await (await fetch(`http://${proxy.listen}/`)).text();
    const { body } = await call('GET', '/v1/proxies/p/connections?max=5');
    expect(body).toMatchObject({ open: 1, connections: [{ connection: 1, source: '127.0.0.1' }] });
    expect((await call('DELETE', '/v1/proxies/p/connections/1')).status).toBe(204);
    expect((await call('DELETE', '/v1/proxies/p/connections/99')).body.code).toBe('CONNECTION_UNKNOWN');
    expect((await call('DELETE', '/v1/proxies/p/connections/x')).body.code).toBe('REQUEST_INVALID');
    expect((await call('GET', '/v1/proxies/p/connections?max=0')).body.code).toBe('REQUEST_INVALID');
    expect((await call('GET', '/v1/proxies/q/connections')).body.code).toBe('PROXY_UNKNOWN');
  });
});

describe('epochs', () => {
  it('fence: a run that was overtaken can neither inject nor renew, but may take its own faults away', async () => {
    await createProxy();
    const { body: old } = await call('POST', '/v1/runs', { run: 'old' });
    await call('POST', '/v1/faults', { run: 'old', epoch: old.epoch, faults: [abort] });
    expect((await call('POST', '/v1/runs', { run: 'new' })).body.code).toBe('RUN_ACTIVE');
    await call('DELETE', '/v1/runs/old');
    const { body: next } = await call('POST', '/v1/runs', { run: 'new' });
    expect(next.epoch).toBeGreaterThan(old.epoch);
    expect((await call('POST', '/v1/faults', { run: 'old', epoch: old.epoch, faults: [abort] })).body.code).toBe('EPOCH_STALE');
    expect((await call('POST', '/v1/runs/old/renew', { epoch: old.epoch })).body.code).toBe('EPOCH_STALE');
    expect((await call('DELETE', '/v1/faults?run=old')).status).toBe(200);
  });

  it('of a daemon that was started anew are newer than all before', async () => {
    const { body: before } = await call('POST', '/v1/runs', { run: 'r' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await using restarted = new Daemon({ clock: hostClock, environment: 'test' });
    expect(() => restarted.renew({ run: 'r', epoch: before.epoch })).toThrow(/older/);
  });

  it('keep a person at the keyboard from disturbing a run', async () => {
    await createProxy();
    await call('POST', '/v1/runs', { run: 'r' });
    expect((await call('POST', '/v1/faults', { run: 'by-hand', faults: [abort] })).body.code).toBe('RUN_ACTIVE');
  });
});

describe('halt', () => {
  it('ends every fault, refuses new ones and new runs, and can be lifted', async () => {
    await createProxy();
    await call('POST', '/v1/faults', { run: 'by-hand', faults: [abort] });
    expect((await call('POST', '/v1/halt', { reason: 'enough' })).body).toEqual({ ended: 1 });
    const refused = await call('POST', '/v1/faults', { run: 'by-hand', faults: [abort] });
    expect([refused.status, refused.body.code, refused.body.error]).toEqual([423, 'HALTED', expect.stringContaining('enough')]);
    expect((await call('POST', '/v1/runs', { run: 'r' })).body.code).toBe('HALTED');
    expect((await call('DELETE', '/v1/halt')).status).toBe(204);
    expect((await call('POST', '/v1/faults', { run: 'by-hand', faults: [abort] })).status).toBe(201);
  });
});

describe('observations', () => {
  it('tell of requests and of faults, each reader from its own place', async () => {
    const { body: proxy } = await createProxy({ from: 'a', to: 'b' });
    await call('POST', '/v1/faults', { run: 'by-hand', faults: [abort] });
    await (await fetch(`http://${proxy.listen}/x?y`, { headers: { 'x-request-id': 't-1' } })).text();
    const first = (await call('GET', '/v1/observations?waitMs=2000')).body;
    expect(first.observations[0]).toMatchObject({ kind: 'fault', fault: 'a', change: 'applied' });
    const rest = first.observations.length > 1 ? first : (await call('GET', `/v1/observations?after=${first.next}&waitMs=2000`)).body;
    expect(rest.observations.at(-1)).toMatchObject({
      kind: 'exchange',
      from: 'a',
      to: 'b',
      path: '/x?y',
      token: 't-1',
      status: 503,
      applied: ['a'],
    });
    expect((await call('GET', '/v1/observations?after=-1')).body.code).toBe('REQUEST_INVALID');
  });
});

describe('proxies', () => {
  it('say where they listen, refuse a second one of the same name, and free their port', async () => {
    const { body: proxy } = await createProxy();
    expect((await createProxy()).body.code).toBe('PROXY_EXISTS');
    expect((await createProxy({ name: 'q', listen: proxy.listen })).body).toMatchObject({ code: 'LISTEN_FAILED' });
    expect((await call('DELETE', '/v1/proxies/p')).status).toBe(204);
    expect((await createProxy({ name: 'q', listen: proxy.listen })).status).toBe(201);
    expect((await call('DELETE', '/v1/proxies/none')).body.code).toBe('PROXY_UNKNOWN');
  });

  it('are not removed by hand while a run measures them; runs, and who clears up after one, remove their own', async () => {
    await createProxy();
    await createProxy({ name: 'left' });
    await call('POST', '/v1/runs', { run: 'game-day' });
    for (const query of ['', '?run=by-hand'])
      expect(await call('DELETE', `/v1/proxies/p${query}`)).toMatchObject({ status: 409, body: { code: 'RUN_ACTIVE' } });
    expect(daemon.hasProxy('p')).toBe(true);
    expect((await call('DELETE', '/v1/proxies/p?run=game-day')).status).toBe(204);
    expect((await call('DELETE', '/v1/proxies/left?run=dead-run')).status).toBe(204);
  });
});

describe('the guard', () => {
  it.each([
    ['a name that was rebound to loopback', { host: 'evil.example:8474' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page on another port', { origin: 'http://127.0.0.1:3000' }],
    ['an opaque origin', { origin: 'null' }],
  ])('refuses %s', async (_, headers) => {
    const answer = await call('GET', '/v1/status', undefined, headers);
    expect([answer.status, answer.body.code]).toEqual([403, 'HOST_REFUSED']);
  });

  it.each([{ host: 'localhost:8474' }, { host: '[::1]:8474' }, { host: '127.0.0.1:8474', origin: 'http://127.0.0.1:8474' }])(
    'admits %j',
    async (headers) => {
      expect((await call('GET', '/v1/status', undefined, headers)).status).toBe(200);
    },
  );

  it('wants JSON on writes, because a form of another site cannot send it', async () => {
    const answer = await call('POST', '/v1/halt', { reason: 'x' }, { 'content-type': 'text/plain' });
    expect(answer.body.code).toBe('REQUEST_INVALID');
  });

  it('wants the token where one is set', async () => {
    const people = new PeopleDesk(daemon);
    app = createControlApp({ daemon, gateway: new GatewayKeeper(daemon), people, version: '1', host: '0.0.0.0', token: 'secret' });
    expect((await call('GET', '/v1/status')).status).toBe(401);
    expect((await call('GET', '/v1/status', undefined, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await call('GET', '/v1/status', undefined, { authorization: 'Bearer secret' })).status).toBe(200);
  });

  it('says what is wrong with a body that is not JSON, is too large, or has no route', async () => {
    const raw = await app.request('/v1/halt', {
      method: 'POST',
      body: '{',
      headers: { host: 'localhost', 'content-type': 'application/json' },
    });
    expect(((await raw.json()) as { code: string }).code).toBe('REQUEST_INVALID');
    expect((await call('GET', '/v1/nowhere')).status).toBe(404);
    const large = await call('POST', '/v1/halt', { reason: 'x'.repeat(5 * 1024 * 1024) });
    expect(large.body.code).toBe('REQUEST_INVALID');
  });
});

describe('TLS by way of the API', () => {
  it('is a key of a proxy, told of in its status, and what TLS faults need', async () => {
    expect((await createProxy({ tls: 'both' })).body).toMatchObject({ tls: ['terminate', 'originate'] });
    const fault = { id: 'f', type: 'certExpired', proxies: ['p'] };
    expect((await call('POST', '/v1/faults', { run: 'by-hand', faults: [fault] })).status).toBe(201);
    await createProxy({ name: 'plain' });
    const refused = await call('POST', '/v1/faults', { run: 'by-hand', faults: [{ ...fault, id: 'g', proxies: ['plain'] }] });
    expect([refused.status, refused.body.code]).toEqual([400, 'FAULT_NEEDS_TLS']);
  });

  it.each([
    [{ tls: 'no' }, 'tls: expected terminate, originate, both'],
    [{ tls: { originate: { verify: 'some' } } }, 'tls.originate.verify: expected one of full, none, found "some"'],
    [{ tls: { terminate: { key: 'k' } } }, 'tls.terminate: expected both `certificate` and `key`, or neither'],
    [{ tls: { originate: { ca: '/nowhere.pem' } } }, 'proxy "p": tls.originate.ca: ENOENT'],
  ])('says what is wrong with %j', async (options, words) => {
    const { status, body } = await createProxy(options);
    expect([status, body.error]).toEqual([400, expect.stringContaining(words)]);
    expect(daemon.proxies()).toEqual([]);
  });

  it('gives the certificate of the lab CA to whoever asks', async () => {
    const response = await app.request('/v1/ca.pem', { headers: { host: '127.0.0.1:8474' } });
    expect(await response.text()).toBe(await daemon.authority.certificate());
  });
});
