import { describe, expect, it } from 'vitest';
import { hostClock, sleep } from '../../src/core/clock.js';
import { EtcdClient } from '../../src/etcd/client.js';
import type { EtcdOptions } from '../../src/etcd/transport.js';
import type { WatchMessage } from '../../src/etcd/watch-keys.js';
import { freePorts } from '../../src/orchestrator/services/free-ports.js';
import { enableUsers, hasEtcd, startEtcd } from '../support/etcd.js';
import { forThisTest } from '../support/for-this-test.js';
import { foreignAuthority } from '../support/tls.js';

const connect = (options: Omit<EtcdOptions, 'clock'>): EtcdClient => forThisTest(new EtcdClient({ clock: hostClock, ...options }));

/** Messages of a watch until one fits. */
async function until(messages: AsyncGenerator<WatchMessage>, isIt: (message: WatchMessage) => boolean): Promise<WatchMessage> {
  for (;;) {
    const { value, done } = await messages.next();
    if (done) throw new Error('the watch ended');
    if (isIt(value)) return value;
  }
}

describe.skipIf(!hasEtcd())('a client of etcd', () => {
  it('creates a key once, whoever tries it twice, and says who has it', async () => {
    const client = connect({ endpoints: [(await startEtcd()).url] });
    const create = (value: string) =>
      client.txn({
        conditions: [{ key: 'k', is: 'created', revision: 0 }],
        ops: [{ op: 'put', key: 'k', value }],
        otherwise: [{ op: 'read', key: 'k' }],
      });
    expect((await create('mine')).held).toBe(true);
    const second = await create('other');
    expect(second.held).toBe(false);
    expect(second.read[0]?.[0]).toMatchObject({ key: 'k', value: 'mine' });
  });

  it('writes under a lease, which takes what is written with it, and tells so on a watch', async () => {
    const client = connect({ endpoints: [(await startEtcd()).url] });
    const { lease, leaseMs } = await client.grant(60_000);
    expect(leaseMs).toBe(60_000);
    const { revision } = await client.txn({ ops: [{ op: 'put', key: 'a/1', value: 'x', lease }] });
    const messages = client.watch({ range: { key: 'a/', isPrefix: true }, fromRevision: revision, signal: AbortSignal.timeout(20_000) });
    expect(await until(messages, () => true)).toMatchObject({ kind: 'changes', events: [{ kind: 'put', entry: { value: 'x', lease } }] });
    expect(await client.timeToLive(lease)).toBeGreaterThan(50_000);
    await client.revoke(lease);
    expect(await until(messages, () => true)).toMatchObject({ kind: 'changes', events: [{ kind: 'deleted', key: 'a/1' }] });
    expect(await client.keepAlive(lease)).toBe(0);
    expect(await client.timeToLive(lease)).toBeUndefined();
    await expect(client.txn({ ops: [{ op: 'put', key: 'a/2', value: 'x', lease }] })).rejects.toMatchObject({ code: 'LEASE_GONE' });
  });

  it('goes to another endpoint where the first does not answer, and says which it asked when none does', async () => {
    const server = await startEtcd();
    const [nobody = 0] = await freePorts(1);
    const dead = `http://127.0.0.1:${nobody}`;
    expect((await connect({ endpoints: [dead, server.url] }).read({ key: 'k' })).entries).toEqual([]);
    await expect(connect({ endpoints: [dead] }).keepAlive('1', { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'ETCD_UNREACHABLE',
      details: { endpoints: dead },
    });
  });

  it('resumes a watch after a crash of etcd, without leaving out or repeating a change', async () => {
    const server = await startEtcd();
    const client = connect({ endpoints: [server.url] });
    const put = (value: string) => client.txn({ ops: [{ op: 'put', key: 'k', value }] });
    const { revision } = await put('1');
    const messages = client.watch({ range: { key: 'k' }, fromRevision: revision, signal: AbortSignal.timeout(30_000) });
    const values: string[] = [];
    const take = async (): Promise<void> => {
      const message = await until(messages, ({ kind }) => kind === 'changes');
      if (message.kind === 'changes') for (const event of message.events) if (event.kind === 'put') values.push(event.entry.value);
    };
    await take();
    await server.kill();
    await server.start();
    await put('2');
    await put('3');
    while (!values.includes('3')) await take();
    expect(values).toEqual(['1', '2', '3']);
  });

  it('says so when what it should resume behind has been thrown away', async () => {
    const server = await startEtcd();
    const client = connect({ endpoints: [server.url] });
    for (const value of ['1', '2', '3']) await client.txn({ ops: [{ op: 'put', key: 'k', value }] });
    const { revision } = await client.read({ key: 'k' });
    const body = JSON.stringify({ revision: String(revision), physical: true });
    expect((await fetch(`${server.url}/v3/kv/compaction`, { method: 'POST', body })).ok).toBe(true);
    const messages = client.watch({ range: { key: 'k' }, fromRevision: 1, signal: AbortSignal.timeout(20_000) });
    expect(await until(messages, () => true)).toEqual({ kind: 'compacted', revision });
    expect((await messages.next()).done).toBe(true);
  });

  it('ends a watch as soon as nobody wants it any more', async () => {
    const client = connect({ endpoints: [(await startEtcd()).url] });
    const stop = new AbortController();
    const messages = client.watch({ range: { key: 'k' }, fromRevision: 1, signal: stop.signal });
    const next = messages.next();
    await sleep(hostClock, 50);
    stop.abort();
    expect((await next).done).toBe(true);
  });

  it('is let in by user and password, renews a token that is gone, and without them can neither read, write nor watch', async () => {
    const server = await startEtcd();
    enableUsers(server, { name: 'lab', password: 'secret', prefix: '/faultlab/' });
    const endpoints = [server.url];
    const client = connect({ endpoints, user: { name: 'lab', password: 'secret' } });
    await client.txn({ ops: [{ op: 'put', key: '/faultlab/a', value: '1' }] });
    // A crash forgets every token that was given.
    await server.kill();
    await server.start();
    expect((await client.read({ key: '/faultlab/a' })).entries).toMatchObject([{ value: '1' }]);
    const outside = client.txn({ ops: [{ op: 'put', key: '/elsewhere', value: '1' }] });
    await expect(outside).rejects.toMatchObject({ code: 'ETCD_REFUSED' });
    for (const user of [undefined, { name: 'lab', password: 'wrong' }]) {
      const stranger = connect({ endpoints, user });
      const refused = { code: 'ETCD_REFUSED' };
      await expect(stranger.read({ key: '/faultlab/a' })).rejects.toMatchObject(refused);
      await expect(stranger.txn({ ops: [{ op: 'put', key: '/faultlab/a', value: '2' }] })).rejects.toMatchObject(refused);
      const watch = stranger.watch({ range: { key: '/faultlab/a' }, fromRevision: 1, signal: AbortSignal.timeout(10_000) });
      await expect(watch.next()).rejects.toMatchObject(refused);
    }
  });

  it('speaks TLS to whom its authority has signed, and to nobody else', async () => {
    const { authority, issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('127.0.0.1');
    const ca = authority.certificate;
    const { url } = await startEtcd({ tls: { cert, key, ca } });
    expect((await connect({ endpoints: [url], tls: { ca } }).read({ key: 'k' })).entries).toEqual([]);
    await expect(connect({ endpoints: [url] }).keepAlive('1', { timeoutMs: 300 })).rejects.toMatchObject({ code: 'ETCD_UNREACHABLE' });
  });
});
