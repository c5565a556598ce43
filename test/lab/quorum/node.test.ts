/** Three members over real sockets: one leads and takes writes, all have them, and when it goes another one leads and has them too. */
import { describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import { valueIn } from '../../../src/lab/quorum/log.js';
import { askSchema } from '../../../src/lab/quorum/messages.js';
import { Node } from '../../../src/lab/quorum/node.js';
import { forThisTest } from '../../support/for-this-test.js';
import { type Peer, startJsonPeer } from '../../support/lab-peers.js';
import { ALL_ON } from '../../support/simulated-quorum.js';
import { until } from '../../support/until.js';

const NAMES = ['q-1', 'q-2', 'q-3'];

/** Members, each behind a server that hands it what the others ask. */
async function startNodes(): Promise<Map<string, Node>> {
  const nodes = new Map<string, Node>();
  const peers = new Map<string, Peer>();
  for (const name of NAMES) {
    const peer = forThisTest(await startJsonPeer((said) => nodes.get(name)?.answer(askSchema.parse(said))));
    peers.set(name, peer);
  }
  for (const name of NAMES) {
    const others = new Map([...peers].filter(([other]) => other !== name).map(([other, { address }]) => [other, address] as const));
    const node = new Node({ name, peers: others, rules: ALL_ON, clock: hostClock, log: () => {} });
    nodes.set(name, node);
    forThisTest(node);
  }
  return nodes;
}

const leaderOf = (nodes: ReadonlyMap<string, Node>) => [...nodes].find(([, node]) => node.standing().role === 'leader');

/** Asks whoever leads until it is done: a busy machine may lose a leader any time. */
async function write(nodes: ReadonlyMap<string, Node>, value: string): Promise<string> {
  for (;;) {
    const [name, node] = await until(() => leaderOf(nodes));
    if ((await node.write({ key: 'stock', value }, 1_000)).kind === 'done') return name;
  }
}

describe('members of the quorum', () => {
  it('keep what was written when the leader goes, and another one leads', async () => {
    const nodes = await startNodes();
    const first = await write(nodes, 'old');
    expect(await nodes.get(first)?.mayRead('majority', 5_000)).toBe(true);
    const gone = nodes.get(first);
    nodes.delete(first);
    await gone?.[Symbol.asyncDispose]();
    await write(nodes, 'new');
    const values = () => [...nodes.values()].map(({ member: { log, committed } }) => valueIn(log, committed, 'stock'));
    expect(await until(() => (values().every((value) => value === 'new') ? values() : undefined))).toHaveLength(2);
  }, 90_000);

  it('neither write nor read where nobody leads', async () => {
    const node = new Node({
      name: 'q-1',
      peers: new Map([['q-2', { host: '127.0.0.1', port: 9 }]]),
      rules: ALL_ON,
      clock: hostClock,
      log: () => {},
    });
    forThisTest(node);
    expect(await node.write({ key: 'stock', value: 'x' }, 100)).toEqual({ kind: 'notLed' });
    expect(await Promise.all([node.mayRead('lease', 100), node.mayRead('majority', 100)])).toEqual([false, false]);
  });
});
