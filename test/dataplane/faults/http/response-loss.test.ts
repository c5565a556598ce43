import { describe, expect, it } from 'vitest';
import { responseLoss } from '../../../../src/dataplane/faults/http/response-loss.js';
import { httpProxyTo } from '../../../support/http.js';
import { answer, decider } from '../../../support/http-fault.js';
import { curl, fate, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault, untilEmpty } from '../../../support/tcp.js';

describe('responseLoss', () => {
  it.each([{ ending: 'later' }, { ending: null }, { after: '1s' }])('refuses %j', (value) => {
    expect(responseLoss.schema.safeParse(value).success).toBe(false);
  });

  it('loses the answer, silently unless told otherwise', () => {
    expect(decider(responseLoss)({ response: answer() })).toEqual({ kind: 'lose', ending: 'hang' });
    expect(decider(responseLoss, { ending: 'reset' })({ response: answer() })).toEqual({ kind: 'lose', ending: 'reset' });
  });
});

describe('responseLoss on a link', () => {
  it.each([
    ['close', 'UND_ERR_SOCKET', 52],
    ['reset', 'ECONNRESET', 56],
  ] as const)('lets the callee work and ends the connection: %s', async (ending, error, exit) => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'responseLoss', value: { ending } })]);
    expect(await fate(caller.ask('/', { method: 'POST', body: 'pay' }))).toBe(error);
    expect((await curl('-d', 'pay again', `http://127.0.0.1:${link.port}/`)).exit).toBe(exit);
    expect(server.heard.map(({ body }) => body)).toEqual(['pay', 'pay again']);
    await untilEmpty(link);
    // What the callee had said is in the record, or nobody could tell that it has done it.
    const lost = { applied: ['responseLoss'], status: 200, end: 'faultReset', endedBy: 'fault' };
    expect(link.exchanges).toMatchObject([lost, lost]);
  });

  it('lets the caller wait until it gives up', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'responseLoss', match: { method: 'POST' } })]);
    expect(await fate(caller.ask('/', { method: 'POST', body: 'pay', waitMsMax: 300 }))).toBe('TimeoutError');
    expect(server.heard).toMatchObject([{ body: 'pay' }]);
    await untilEmpty(link);
    expect((await caller.ask('/')).status).toBe(200);
    expect(link.exchanges).toMatchObject([{ applied: ['responseLoss'], status: 200, end: 'clientClosed' }, { end: 'complete' }]);
  });
});
