import { describe, expect, it } from 'vitest';
import { duplicate } from '../../../../src/dataplane/faults/http/duplicate.js';
import { httpProxyTo } from '../../../support/http.js';
import { decider } from '../../../support/http-fault.js';
import { nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault, until, wait } from '../../../support/tcp.js';

describe('duplicate', () => {
  it.each([{ copies: 0 }, { copies: 11 }, { copies: 1.5 }, { copies: '2' }, { delay: 5 }, { delay: '-1s' }, { times: 2 }])(
    'refuses %j',
    (value) => {
      expect(duplicate.schema.safeParse(value).success).toBe(false);
    },
  );

  it('sends one more at once, unless told otherwise', () => {
    expect(decider(duplicate)()).toEqual({ kind: 'duplicate', copies: 1, delayMs: 0 });
    expect(decider(duplicate, { copies: 3, delay: '5s' })()).toEqual({ kind: 'duplicate', copies: 3, delayMs: 5_000 });
  });
});

describe('duplicate on a link', () => {
  it('has the callee do it again and again, and the caller answered once', async () => {
    await using server = await nodeServer((_heard, response, count) => response.end(`answer ${count}`));
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'duplicate', value: { copies: 2 }, match: { method: 'POST' } })]);
    const body = 'x'.repeat(10_000);
    const answers = [await caller.ask('/pay?id=1', { method: 'POST', body, headers: { 'idempotency-key': 'k' } })];
    await until('all copies are there', () => server.heard.length === 3);
    for (const heard of server.heard)
      expect(heard).toMatchObject({ method: 'POST', url: '/pay?id=1', body, headers: { 'idempotency-key': 'k' } });
    link.proxy.setFaults([]);
    answers.push(await caller.ask('/next'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]?.body).toBe('answer 4');
    await until('the copies are recorded too', () => link.exchanges.filter(({ path }) => path === '/pay?id=1').length === 3);
  });

  it('replays a chunked body later', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'duplicate', value: { delay: '150ms' } })]);
    async function* pieces() {
      yield 'one ';
      await wait(20);
      yield 'two';
    }
    await caller.ask('/', { method: 'PUT', body: pieces() as never });
    expect(server.heard).toMatchObject([{ method: 'PUT', body: 'one two' }]);
    await until('the copy is there', () => server.heard.length === 2);
    expect(server.heard[1]).toMatchObject({ method: 'PUT', body: 'one two' });
  });
});
