import { describe, expect, it, vi } from 'vitest';
import type { BodyEdit } from '../../../../src/dataplane/faults/fault.js';
import { stale } from '../../../../src/dataplane/faults/http/stale.js';
import { get, httpProxyTo } from '../../../support/http.js';
import { answer, decider, editBody, type MessageGiven } from '../../../support/http-fault.js';
import { nginxServer, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { type Http2ProxyUnderTest, http2Callee, http2ProxyTo } from '../../../support/http2.js';
import { activeFault } from '../../../support/tcp.js';

/** A callee whose answers pass through the fault: returns what the caller gets. */
function link(value: unknown = {}) {
  const decide = decider(stale, value);
  return (
    body: string,
    { fields = {}, status = 200, ...given }: Omit<MessageGiven, 'response'> & { fields?: Record<string, string>; status?: number } = {},
  ) => {
    const decision = decide({ ...given, response: answer(status, fields) });
    if (decision.kind === 'reply') return `${decision.status} ${String(decision.body)}`;
    editBody(decision.kind === 'edit' ? (decision.body as BodyEdit) : undefined, [body.slice(0, 1), body.slice(1)]);
    return `${status} ${body}`;
  };
}

describe('stale', () => {
  it.each([{ age: 5 }, { age: '-1s' }, { renewAfter: '0s' }, { storeMax: '2GiB' }, { bodyMax: 1 }, { key: 'x' }])('refuses %j', (value) => {
    expect(stale.schema.safeParse(value).success).toBe(false);
  });

  it('stays with the first answer for a key, whatever the callee says later', () => {
    const ask = link();
    expect(ask('one')).toBe('200 one');
    expect(ask('two')).toBe('200 one');
    expect(ask('gone', { status: 500 })).toBe('200 one');
    expect(ask('other', { request: get('/other') })).toBe('200 other');
  });

  it('keeps the headers that belong to the answer, and none of the delivery', () => {
    const decide = decider(stale);
    const fields = {
      'X-Version': '1',
      Vary: 'a',
      vary: 'b',
      'Set-Cookie': 's=1',
      Date: 'then',
      'Content-Length': '3',
      Connection: 'close',
    };
    editBody((decide({ response: answer(200, fields) }) as { body: BodyEdit }).body, ['one']);
    expect(decide({ response: answer(200, { Date: 'now' }) })).toEqual({
      kind: 'reply',
      status: 200,
      headers: { 'x-version': '1', vary: 'a, b', date: 'now' },
      body: Buffer.from('one'),
    });
  });

  it('gives nobody another’s answer', () => {
    const ask = link();
    const as = (user: string) => ({ request: get('/me', { Authorization: user }) });
    expect([ask('ann’s', as('ann')), ask('bob’s', as('bob')), ask('x', as('ann')), ask('x', as('bob'))]).toEqual([
      '200 ann’s',
      '200 bob’s',
      '200 ann’s',
      '200 bob’s',
    ]);
  });

  it('lets writes, partial answers and failures pass', () => {
    const ask = link();
    const post = { request: get().replace('GET', 'POST') };
    expect([ask('a', post), ask('b', post)]).toEqual(['200 a', '200 b']);
    for (const status of [206, 302, 304, 401, 500]) {
      expect(ask('a', { status })).toBe(`${status} a`);
    }
    expect([ask('not yet', { status: 404 }), ask('here')]).toEqual(['404 not yet', '404 not yet']);
  });

  it('gives an answer again only when it is old enough, and renews it when it is too old', () => {
    const ask = link({ age: '10s', renewAfter: '60s' });
    const at = (nowMs: number, body: string) => ask(body, { nowMs });
    expect([at(0, 'a'), at(9_999, 'b'), at(10_000, 'c'), at(59_999, 'd'), at(60_000, 'e'), at(61_000, 'f'), at(70_000, 'g')]).toEqual([
      '200 a',
      '200 b',
      '200 a',
      '200 a',
      '200 e',
      '200 f',
      '200 e',
    ]);
  });

  it('keeps no answer that is too large, and no more of them than it may', () => {
    const ask = link({ bodyMax: '5B', storeMax: '150B' });
    expect([ask('larger'), ask('small'), ask('b')]).toEqual(['200 larger', '200 small', '200 small']);
    for (let i = 0; i < 5; i++) ask('x', { request: get(`/${i}`) });
    expect(ask('new')).toBe('200 new');
  });

  it('keeps no answer whose end is missing', () => {
    const ask = link();
    expect(ask('cut', { fields: { 'Content-Length': '9' } })).toBe('200 cut');
    expect(ask('whole', { fields: { 'Content-Length': '5' } })).toBe('200 whole');
    expect(ask('later', { fields: { 'Content-Length': '5' } })).toBe('200 whole');
  });

  it('stays with the answer that was whole first when two are under way', () => {
    const decide = decider(stale);
    const [first, second] = [decide({ response: answer() }), decide({ response: answer() })];
    for (const [decision, body] of [
      [second, 'second'],
      [first, 'first'],
    ] as const)
      editBody((decision as { body: BodyEdit }).body, [body]);
    expect(decide({ response: answer() })).toMatchObject({ kind: 'reply', body: Buffer.from('second') });
  });
});

describe('stale on a link', () => {
  it('answers as of long ago, while writes go through', async () => {
    let stock = 7;
    await using server = await nodeServer(({ method, body }, response) => {
      if (method === 'PUT') stock = Number(body);
      response.setHeader('x-version', stock).write(`stock ${stock}`);
      response.end();
    });
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    await using other = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'stale' })]);
    expect((await caller.ask()).body).toBe('stock 7');
    expect((await caller.ask('/', { method: 'PUT', body: '6' })).body).toBe('stock 6');
    for (const reader of [caller, other]) expect(await reader.ask()).toMatchObject({ headers: { 'x-version': '7' }, body: 'stock 7' });
    link.proxy.setFaults([]);
    expect((await caller.ask()).body).toBe('stock 6');
    expect(server.heard).toHaveLength(5);
  });

  it.each(['http', 'http2'] as const)(
    'counts an answer that it only keeps as skipped, and those that it gives again as applied: %s',
    async (protocol) => {
      await using callee = await (protocol === 'http' ? nodeServer((_request, response) => response.end('one')) : http2Callee());
      await using link = await (protocol === 'http' ? httpProxyTo(callee.port) : http2ProxyTo(callee.port));
      const fault = activeFault({ type: 'stale', match: { path: '/of-two' } });
      // A second fault shows that what was missed once is missed once.
      link.proxy.setFaults([fault, activeFault({ type: 'abort', direction: 'down', match: { path: '/never' } })]);
      const ask = async (): Promise<unknown> =>
        protocol === 'http'
          ? (await fetch(`http://127.0.0.1:${link.port}/of-two`)).text()
          : (link as Http2ProxyUnderTest).dial().ask({ ':path': '/of-two' });
      await ask();
      await vi.waitFor(() => expect(link.exchanges).toHaveLength(1));
      expect(fault.counts).toMatchObject({ matched: 1, applied: 0, skipped: 1 });
      expect(link.exchanges[0]).toMatchObject({ matched: ['stale'], skipped: [{ fault: 'stale', why: 'impossible' }] });
      expect(link.exchanges[0]).not.toHaveProperty('applied');
      await ask();
      await vi.waitFor(() => expect(link.exchanges).toHaveLength(2));
      expect(fault.counts).toMatchObject({ matched: 2, applied: 1, skipped: 1 });
      expect(link.exchanges[1]).toMatchObject({ applied: ['stale'] });
    },
  );

  it('gives a compressed page again as it was', async () => {
    const page = 'page '.repeat(500);
    await using server = await nginxServer(`default_type text/plain; gzip on; gzip_types *; location / { return 200 "${page}"; }`);
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'stale' })]);
    const headers = { 'accept-encoding': 'gzip' };
    const [first, second] = [await caller.ask('/', { headers }), await caller.ask('/', { headers })];
    expect(second).toMatchObject({
      status: 200,
      headers: { 'content-encoding': 'gzip', server: first.headers['server'] },
      body: first.body,
    });
    expect((await caller.ask('/')).body).toBe(page);
  });
});
