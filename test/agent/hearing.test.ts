import { describe, expect, it } from 'vitest';
import { Hearing } from '../../src/agent/hearing.js';
import type { KeyValue } from '../../src/etcd/answers.js';
import type { EtcdClient } from '../../src/etcd/client.js';
import type { WatchMessage } from '../../src/etcd/watch-keys.js';
import { fleetKeys } from '../../src/orchestrator/fleet/keys.js';
import { VirtualClock } from '../support/clock.js';

const keys = fleetKeys('local');
const ORDERS = keys.desired('host-7', 'r1');

const entry = (key: string, modRevision: number): KeyValue => ({ key, value: '{}', createRevision: 1, modRevision, lease: '1' });

/** An etcd of a few keys, whose watches say nothing by themselves. */
function worldOf(...there: KeyValue[]) {
  const clock = new VirtualClock();
  const heard: string[] = [];
  const watches: { fromRevision: number; prefix: string; say(message: WatchMessage): void }[] = [];
  let revision = 10;
  const client = {
    txn: async () => ({ held: true, revision, read: [there] }),
    async *watch({ range, fromRevision, signal }: Parameters<EtcdClient['watch']>[0]) {
      let say: (message: WatchMessage) => void = () => {};
      const message = await new Promise<WatchMessage | undefined>((resolve) => {
        say = resolve;
        watches.push({ fromRevision, prefix: range.key, say: (told) => say(told) });
        signal.addEventListener('abort', () => resolve(undefined));
      });
      if (message !== undefined) yield message;
    },
  } as unknown as EtcdClient;
  const ports = {
    clock,
    client,
    keys,
    name: 'host-7',
    onPut: ({ key, modRevision }: KeyValue) => void heard.push(`${key} ${modRevision}`),
    onGone: (key: string) => void heard.push(`gone ${key}`),
    onProblem: (reason: string) => void heard.push(reason),
  };
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  const goOn = (to: number): void => {
    revision = to;
  };
  return { clock, ports, heard, watches, there, settled, goOn };
}

describe('what an agent hears of etcd', () => {
  it('is first what is there, and then what happens after it', async () => {
    const { ports, heard, watches, there, settled } = worldOf(entry(ORDERS, 7));
    using _hearing = await Hearing.begin(ports);
    await settled();
    expect(heard).toEqual([`${ORDERS} 7`]);
    expect(watches.map(({ fromRevision }) => fromRevision)).toEqual([11, 11]);
    there.pop();
    watches[0]?.say({ kind: 'changes', revision: 12, events: [{ kind: 'deleted', key: ORDERS, modRevision: 12 }] });
    await settled();
    expect(heard).toEqual([`${ORDERS} 7`, `gone ${ORDERS}`]);
  });

  it('is heard in a few seconds also where a watch has died unseen, deletions too', async () => {
    const { clock, ports, heard, there, settled } = worldOf(entry(ORDERS, 7));
    using _hearing = await Hearing.begin(ports);
    there.splice(0, 1, entry(keys.halt, 11));
    clock.advance(4_000);
    await settled();
    expect(heard).toEqual([`${ORDERS} 7`, `gone ${ORDERS}`, `${keys.halt} 11`]);
  });

  it('is not taken back by an answer that is older than what a watch has told', async () => {
    const { clock, ports, heard, watches, settled, goOn } = worldOf();
    using _hearing = await Hearing.begin(ports);
    await settled();
    watches[0]?.say({ kind: 'changes', revision: 12, events: [{ kind: 'put', entry: entry(ORDERS, 12) }] });
    await settled();
    clock.advance(4_000);
    await settled();
    expect(heard).toEqual([`${ORDERS} 12`]);
    goOn(13);
    clock.advance(4_000);
    await settled();
    expect(heard).toEqual([`${ORDERS} 12`, `gone ${ORDERS}`]);
  });

  it('is what there is by then, where what happened meanwhile cannot be had any more', async () => {
    const { ports, heard, watches, there, settled, goOn } = worldOf();
    using _hearing = await Hearing.begin(ports);
    await settled();
    there.push(entry(ORDERS, 20));
    goOn(30);
    watches[0]?.say({ kind: 'compacted', revision: 25 });
    await settled();
    expect(heard).toEqual([`${ORDERS} 20`]);
    expect(watches.at(-1)?.fromRevision, 'after what was read, and not from some later moment').toBe(31);
  });
});
