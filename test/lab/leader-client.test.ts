import { describe, expect, it } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { createJsonCaller, LEADER_HEADER } from '../../src/lab/call-json.js';
import { LeaderClient } from '../../src/lab/leader-client.js';
import { type Peer, startPeer } from '../support/lab-peers.js';

const ORDER = { method: 'PUT', path: '/orders/1', body: {} } as const;

/** Members of whom the second leads, and a client of theirs. */
async function membersAndClient({ leader, breaker = false }: { leader: string; breaker?: boolean }) {
  const names = ['ord-1', 'ord-2', 'ord-3'];
  const peers: Peer[] = [];
  for (const name of names) {
    const isLeader = name === leader;
    peers.push(await startPeer((_request, response) => response.writeHead(isLeader ? 201 : 421, { [LEADER_HEADER]: leader }).end('{}')));
  }
  const caller = createJsonCaller(hostClock, { reuse: true });
  const events: unknown[] = [];
  const members = new Map(peers.map(({ address }, i) => [names[i] ?? '', address]));
  const client = new LeaderClient({ members, caller, breaker, log: ({ state }) => events.push(state) });
  return {
    client,
    events,
    asked: () => peers.map(({ requests }) => requests.length),
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await caller[Symbol.asyncDispose]();
      for (const peer of peers) await peer[Symbol.asyncDispose]();
    },
  };
}

describe('the way to the leader', () => {
  it('is followed where a member names it, and remembered', async () => {
    await using scene = await membersAndClient({ leader: 'ord-3' });
    expect((await scene.client.ask(ORDER)).status).toBe(201);
    expect((await scene.client.ask(ORDER)).status).toBe(201);
    expect(scene.asked()).toEqual([1, 0, 2]);
  });

  it('is given up after three hops in a circle, which is an answer and no exception', async () => {
    await using scene = await membersAndClient({ leader: 'ord-9' });
    const answer = await scene.client.ask(ORDER);
    expect([answer.status, answer.body['error']]).toEqual([503, expect.stringContaining('421')]);
  });

  it('is left alone for a while behind a breaker', async () => {
    await using scene = await membersAndClient({ leader: 'nobody', breaker: true });
    for (let i = 0; i < 30; i++) await scene.client.ask(ORDER);
    expect(scene.events).toContain('open');
    expect(scene.asked().reduce((sum, count) => sum + count, 0)).toBeLessThan(30);
  });
});
