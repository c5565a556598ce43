import { describe, expect, it } from 'vitest';
import { ackWithoutEffect } from '../../../../src/dataplane/faults/http/ack-without-effect.js';
import { httpProxyTo } from '../../../support/http.js';
import { decider } from '../../../support/http-fault.js';
import { curl, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault } from '../../../support/tcp.js';

describe('ackWithoutEffect', () => {
  it.each([{ status: 199 }, { status: 300 }, { status: '200' }, { headers: { connection: 'close' } }, { body: 5 }, { code: 200 }])(
    'refuses %j',
    (value) => {
      expect(ackWithoutEffect.schema.safeParse(value).success).toBe(false);
    },
  );

  it('says that it is done', () => {
    expect(decider(ackWithoutEffect)()).toEqual({ kind: 'reply', status: 200, headers: {}, body: '' });
    const told = { status: 201, headers: { location: '/1' }, body: '{"id":1}' };
    expect(decider(ackWithoutEffect, told)()).toEqual({ kind: 'reply', ...told });
  });
});

describe('ackWithoutEffect on a link', () => {
  it('tells writers that it is done, and only a read finds out', async () => {
    const stored = new Map<string, string>();
    await using server = await nodeServer(({ method, url, body }, response) => {
      if (method === 'PUT') stored.set(url, body);
      response.statusCode = stored.has(url) ? 200 : 404;
      response.end(stored.get(url));
    });
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    const value = { status: 201, headers: { location: '/a' }, body: 'stored' };
    link.proxy.setFaults([activeFault({ type: 'ackWithoutEffect', value, match: { method: 'PUT' } })]);
    expect(await caller.ask('/a', { method: 'PUT', body: 'value' })).toMatchObject({
      status: 201,
      headers: { location: '/a' },
      body: 'stored',
    });
    expect((await curl('-X', 'PUT', '-d', 'value', `http://127.0.0.1:${link.port}/a`)).stdout).toBe('stored');
    expect((await caller.ask('/a')).status).toBe(404);
    expect(server.heard.map(({ method }) => method)).toEqual(['GET']);
    expect(link.exchanges.map(({ status, end }) => [status, end])).toEqual([
      [201, 'complete'],
      [201, 'complete'],
      [404, 'complete'],
    ]);
  });
});
