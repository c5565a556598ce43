import { describe, expect, it } from 'vitest';
import { resetExchange } from '../../../../src/dataplane/faults/http/reset-exchange.js';
import { httpProxyTo } from '../../../support/http.js';
import { decider } from '../../../support/http-fault.js';
import { curl, fate, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault, untilEmpty } from '../../../support/tcp.js';

describe('resetExchange', () => {
  it('resets, and takes no parameters', () => {
    expect(decider(resetExchange)()).toEqual({ kind: 'reset' });
    expect(resetExchange.schema.safeParse({ after: '1s' }).success).toBe(false);
  });
});

describe('resetExchange on a link', () => {
  it('cuts before the callee hears of the request', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'resetExchange', match: { path: '/bad' } })]);
    expect((await caller.ask('/good')).status).toBe(200);
    expect(await fate(caller.ask('/bad', { method: 'POST', body: 'work' }))).toBe('ECONNRESET');
    expect((await curl(`http://127.0.0.1:${link.port}/bad`)).exit).toBe(56);
    expect(server.heard.map(({ url }) => url)).toEqual(['/good']);
    expect(link.exchanges.map(({ path, end }) => [path, end])).toEqual([
      ['/good', 'complete'],
      ['/bad', 'faultReset'],
      ['/bad', 'faultReset'],
    ]);
  });

  it('towards the caller cuts when the callee has done its work', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'resetExchange', direction: 'down' })]);
    expect(await fate(caller.ask('/', { method: 'POST', body: 'work' }))).toBe('ECONNRESET');
    expect(server.heard).toMatchObject([{ method: 'POST', body: 'work' }]);
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ end: 'faultReset', applied: ['resetExchange'] }]);
  });
});
