import { describe, expect, it } from 'vitest';
import type { HttpDecision } from '../../../../src/dataplane/faults/fault.js';
import { reorder } from '../../../../src/dataplane/faults/http/reorder.js';
import { httpProxyTo } from '../../../support/http.js';
import { answer, decider } from '../../../support/http-fault.js';
import { nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault, until } from '../../../support/tcp.js';

const isOpen = (decision: HttpDecision): boolean | undefined => (decision.kind === 'hold' ? decision.gate.isOpen : undefined);

describe('reorder', () => {
  it.each([{ wait: '0s' }, { wait: 5 }, { wait: '-1s' }, { gap: 10 }])('refuses %j', (value) => {
    expect(reorder.schema.safeParse(value).success).toBe(false);
  });

  it('holds one until the next has passed, and then another', () => {
    const decide = decider(reorder, { wait: '2s' });
    const first = decide();
    expect(first).toMatchObject({ kind: 'hold', limitMs: 2_010, lagMs: 10 });
    const second = decide({ nowMs: 100 });
    expect(second.kind).toBe('watch');
    expect(isOpen(first)).toBe(false);
    if (second.kind === 'watch') second.over();
    expect(isOpen(first)).toBe(true);
    expect(decide({ nowMs: 200 }).kind).toBe('hold');
  });

  it('lets nobody wait for one that has gone on: in time, or because it was released', () => {
    const decide = decider(reorder, { wait: '2s' });
    decide();
    const late = decide({ nowMs: 2_000 });
    expect(late.kind).toBe('hold');
    if (late.kind === 'hold') late.gate.open();
    expect(decide({ nowMs: 2_001 }).kind).toBe('hold');
  });

  it('has requests wait for requests and responses for responses', () => {
    const decide = decider(reorder);
    const kinds = [decide(), decide({ response: answer() }), decide(), decide({ response: answer() })].map(({ kind }) => kind);
    expect(kinds).toEqual(['hold', 'hold', 'watch', 'watch']);
  });
});

describe('reorder on a link', () => {
  it('lets the second write overtake the first', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    const fault = activeFault({ type: 'reorder', value: { wait: '10s' }, match: { method: 'PUT' } });
    link.proxy.setFaults([fault]);
    await using one = undiciCaller(link.port);
    await using two = undiciCaller(link.port);
    for (let round = 1; round <= 10; round++) {
      const first = one.ask('/', { method: 'PUT', body: `first ${round}` });
      await until('it is held', () => fault.heldCount === 1);
      await Promise.all([first, two.ask('/', { method: 'PUT', body: `second ${round}` })]);
      expect(server.heard.slice(-2).map(({ body }) => body)).toEqual([`second ${round}`, `first ${round}`]);
    }
  });

  it('lets answers change places too', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    const fault = activeFault({ type: 'reorder', direction: 'down', value: { wait: '10s', gap: '300ms' } });
    link.proxy.setFaults([fault]);
    await using one = undiciCaller(link.port);
    await using two = undiciCaller(link.port);
    const answered: string[] = [];
    const first = one.ask('/1').then(() => answered.push('first'));
    await until('it is held', () => fault.heldCount === 1);
    await Promise.all([first, two.ask('/2').then(() => answered.push('second'))]);
    expect(answered).toEqual(['second', 'first']);
    expect(server.heard.map(({ url }) => url)).toEqual(['/1', '/2']);
  });

  it('delays one that nobody overtakes, and no longer than it may', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'reorder', value: { wait: '80ms' } })]);
    expect((await caller.ask()).status).toBe(200);
    const [exchange] = link.exchanges;
    expect((exchange?.endMs ?? 0) - (exchange?.startMs ?? 0)).toBeGreaterThanOrEqual(90);
  });
});
