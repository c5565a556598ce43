import { describe, expect, it } from 'vitest';
import { hold } from '../../../../src/dataplane/faults/http/hold.js';
import { get, httpProxyTo, Transcript } from '../../../support/http.js';
import { decider } from '../../../support/http-fault.js';
import { nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault, until } from '../../../support/tcp.js';

describe('hold', () => {
  it.each([{ limit: '0s' }, { limit: 30 }, { limit: '25h' }, { until: 'x' }])('refuses %j', (value) => {
    expect(hold.schema.safeParse(value).success).toBe(false);
  });

  it('holds for as long as it takes, or up to its limit', () => {
    expect(decider(hold)()).toMatchObject({ kind: 'hold', limitMs: Number.POSITIVE_INFINITY });
    expect(decider(hold, { limit: '30s' })()).toMatchObject({ kind: 'hold', limitMs: 30_000 });
  });
});

describe('hold on a link', () => {
  it('lets one request after the other go when it is released, and the rest when it is removed', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    const fault = activeFault({ type: 'hold', match: { path: '/held/*' } });
    link.proxy.setFaults([fault]);
    const paths = ['/held/1', '/held/2', '/held/3'];
    const callers = paths.map(() => undiciCaller(link.port));
    const answers: Promise<string>[] = [];
    for (const [i, path] of paths.entries()) {
      answers.push((callers[i] as (typeof callers)[0]).ask(path).then(({ body }) => body));
      await until('it is held', () => fault.heldCount === i + 1);
    }
    await using other = undiciCaller(link.port);
    await other.ask('/free');
    expect(server.heard.map(({ url }) => url)).toEqual(['/free']);
    expect(fault.release(1)).toBe(1);
    expect(await answers[0]).toContain('/held/1');
    expect(server.heard.map(({ url }) => url)).toEqual(['/free', '/held/1']);
    link.proxy.setFaults([]);
    expect((await Promise.all(answers)).join()).toMatch(/held\/2.*held\/3/);
    expect(fault.heldCount).toBe(0);
    for (const caller of callers) await caller[Symbol.asyncDispose]();
  });

  it('lets it go after its limit', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'hold', value: { limit: '80ms' } })]);
    expect((await caller.ask()).status).toBe(200);
    const [exchange] = link.exchanges;
    expect((exchange?.endMs ?? 0) - (exchange?.startMs ?? 0)).toBeGreaterThanOrEqual(80);
  });

  it('towards the caller holds what the callee has answered', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    const fault = activeFault({ type: 'hold', direction: 'down' });
    link.proxy.setFaults([fault]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1'));
    await until('it is held', () => fault.heldCount === 1);
    expect(server.heard).toHaveLength(1);
    expect(caller.text).toBe('');
    fault.release();
    await caller.includes('"url":"/1"');
  });

  it('forgets a caller that gives up', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    const fault = activeFault({ type: 'hold' });
    link.proxy.setFaults([fault]);
    const caller = link.dial();
    caller.write(get('/1'));
    await until('it is held', () => fault.heldCount === 1);
    caller.resetAndDestroy();
    await until('nothing is held', () => fault.heldCount === 0 && link.proxy.stats().connections === 0);
    expect(server.heard).toEqual([]);
  });
});
