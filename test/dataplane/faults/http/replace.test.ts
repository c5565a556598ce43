import { describe, expect, it } from 'vitest';
import type { BodyEdit } from '../../../../src/dataplane/faults/fault.js';
import { Gate } from '../../../../src/dataplane/faults/gate.js';
import { replace } from '../../../../src/dataplane/faults/http/replace.js';
import { get, httpProxyTo, Transcript } from '../../../support/http.js';
import { answer, decider, editBody } from '../../../support/http-fault.js';
import { curl, nginxServer, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault } from '../../../support/tcp.js';

const bodyOf = (decision: unknown): BodyEdit | undefined => (decision as { body?: BodyEdit }).body;

describe('replace', () => {
  it.each([
    {},
    { headers: {} },
    { status: 199 },
    { status: 204 },
    { status: 304 },
    { status: '200' },
    { method: 'CONNECT' },
    { method: 'HEAD' },
    { method: 'GE T' },
    { target: 'stock' },
    { target: '/a b' },
    { target: 'http://other/' },
    { headers: { 'Content-Length': '5' } },
    { headers: { 'x-a': 'b\r\nc: d' } },
    { headers: { 'x-a': null } },
    { body: 5 },
    { body: 'x'.repeat(2 ** 20 + 1) },
    { json: {} },
  ])('refuses %j', (value) => {
    expect(replace.schema.safeParse(value).success).toBe(false);
  });

  it('refuses parts that a message of that direction does not have', () => {
    const misfit = (value: unknown, direction: 'up' | 'down' | 'both') => replace.misfit?.(replace.schema.parse(value), direction);
    expect(misfit({ status: 200 }, 'up')).toMatch(/status/);
    expect(misfit({ status: 200 }, 'both')).toMatch(/status/);
    expect(misfit({ method: 'PUT' }, 'down')).toMatch(/direction: up/);
    expect(misfit({ target: '/' }, 'both')).toMatch(/direction: up/);
    for (const fine of [misfit({ status: 200 }, 'down'), misfit({ method: 'PUT' }, 'up'), misfit({ body: '' }, 'both')])
      expect(fine).toBeUndefined();
  });

  it('edits the head of an answer, with header names in lower case', () => {
    const decide = decider(replace, { status: 503, headers: { 'Retry-After': '1' } });
    expect(decide({ response: answer() })).toEqual({ kind: 'edit', head: { status: 503, set: { 'retry-after': '1' } } });
  });

  it('edits the head of a request', () => {
    const decide = decider(replace, { method: 'PUT', target: '/b?c', headers: { host: 'c' } });
    expect(decide()).toEqual({ kind: 'edit', head: { method: 'PUT', target: '/b?c', set: { host: 'c' } } });
  });

  it('leaves tunnels their method, target and status', () => {
    const connect = 'CONNECT b:443 HTTP/1.1\r\nHost: b\r\n\r\n';
    expect(decider(replace, { method: 'PUT', target: '/b' })({ request: connect })).toEqual({ kind: 'edit', head: { set: {} } });
    expect(decider(replace, { status: 500 })({ request: connect, response: answer() })).toEqual({ kind: 'edit', head: { set: {} } });
    expect(decider(replace, { status: 500 })({ response: answer(101) })).toEqual({ kind: 'edit', head: { set: {} } });
  });

  it.each([[['']], [['old']], [['old ', 'and ', 'long']], [[]]])('puts its body in the place of %j', (pieces) => {
    const decision = decider(replace, { body: 'né' })({ response: answer() });
    expect(decision).toMatchObject({ head: { remove: ['content-encoding'] }, body: { kind: 'stream', length: 3 } });
    expect(editBody(bodyOf(decision), pieces).toString()).toBe('né');
  });

  it('takes a body away, and leaves a coding that the plan names itself', () => {
    const decision = decider(replace, { body: '', headers: { 'content-encoding': 'br' } })({ request: get() });
    expect(decision).toMatchObject({ head: { set: { 'content-encoding': 'br' } }, body: { length: 0 } });
    expect(decision).not.toHaveProperty('head.remove');
    expect(editBody(bodyOf(decision), ['old'])).toHaveLength(0);
  });
});

describe('replace on a link', () => {
  it('puts a whole answer in the place of nginx’s, with a length of its own', async () => {
    await using server = await nginxServer(
      'default_type text/html; gzip on; gzip_min_length 1; location / { return 200 "<p>the real page</p>"; }',
    );
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    const value = { status: 404, headers: { 'Content-Type': 'application/json', 'x-lab': '1' }, body: '{"stock":0}' };
    link.proxy.setFaults([activeFault({ type: 'replace', value })]);
    for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
      const said = await caller.ask('/', { headers });
      expect(said).toMatchObject({ status: 404, headers: { 'content-type': 'application/json', 'content-length': '11', 'x-lab': '1' } });
      expect(said).toMatchObject({ headers: { server: expect.stringContaining('nginx') }, body: '{"stock":0}' });
      expect(said.headers).not.toHaveProperty('content-encoding');
    }
    link.proxy.setFaults([]);
    expect((await caller.ask('/')).body).toBe('<p>the real page</p>');
    expect(link.connections).toHaveLength(0);
    expect(new Set(link.exchanges.map(({ connection }) => connection)).size).toBe(1);
  });

  it('takes a body away, and is read by curl to its end', async () => {
    await using server = await nginxServer('location / { return 200 "a page"; }');
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'replace', value: { body: '' } })]);
    const urls = [`http://127.0.0.1:${link.port}/`, `http://127.0.0.1:${link.port}/2`];
    expect(await curl('-i', ...urls)).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^(HTTP\/1.1 200 OK\r\n(?:.+\r\n)*\r\n){2}$/),
    });
    expect((await curl('-I', ...urls)).exit).toBe(0);
  });

  it('changes what the callee is asked', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    const value = { method: 'PUT', target: '/v2?a=b', headers: { 'X-Tenant': 'other' }, body: 'new body' };
    link.proxy.setFaults([activeFault({ type: 'replace', direction: 'up', value })]);
    for (const asked of [{ method: 'POST', body: 'old' }, { method: 'POST', body: 'x'.repeat(300_000) }, { method: 'GET' }] as const)
      expect((await caller.ask('/v1', { ...asked, headers: { 'x-tenant': 'mine' } })).status).toBe(200);
    for (const heard of server.heard)
      expect(heard).toMatchObject({ method: 'PUT', url: '/v2?a=b', headers: { 'x-tenant': 'other' }, body: 'new body' });
    expect(server.heard).toHaveLength(3);
  });

  it('keeps to the length that it announced when it is removed before a body has come', async () => {
    const go = new Gate();
    await using server = await nodeServer((_heard, response) => {
      response.flushHeaders();
      go.whenOpen(() => response.end('the real answer, which is longer'));
    });
    await using link = await httpProxyTo(server.port);
    const caller = new Transcript(link.dial());
    link.proxy.setFaults([activeFault({ type: 'replace', value: { body: 'false' } })]);
    caller.socket.write(get('/1'));
    await caller.includes('content-length: 5');
    link.proxy.setFaults([]);
    await caller.includes('\r\n\r\nfalse');
    go.open();
    caller.socket.write(get('/2'));
    expect(await caller.includes('the real answer')).toMatch(/\r\n\r\nfalseHTTP\/1.1 200 OK\r\n/);
  });
});
