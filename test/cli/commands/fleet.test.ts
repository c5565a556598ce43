/** The fleet's commands on a real etcd, with agents that are only written there: what real ones make of it is shown in test/fleet. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import { EtcdClient } from '../../../src/etcd/client.js';
import { fleetKeys } from '../../../src/orchestrator/fleet/keys.js';
import { TWO_ZONES } from '../../support/agents.js';
import { cli } from '../../support/cli.js';
import { enableUsers, hasEtcd, startEtcd } from '../../support/etcd.js';
import { forThisTest } from '../../support/for-this-test.js';

const keys = fleetKeys('local');

async function fleet() {
  const { url } = await startEtcd();
  return { url, client: forThisTest(new EtcdClient({ clock: hostClock, endpoints: [url] })) };
}

async function register(client: EtcdClient, name: string, more: object = {}): Promise<void> {
  const registration = {
    name,
    labels: { zone: 'b' },
    host: '10.0.0.7',
    version: '1.2.3',
    pid: 1,
    bootId: name,
    startedWallMs: Date.now() - 5_000,
    ...more,
  };
  await put(client, keys.agent(name), registration);
}

async function put(client: EtcdClient, key: string, value: unknown): Promise<void> {
  await client.txn({ ops: [{ op: 'put', key, value: typeof value === 'string' ? value : JSON.stringify(value) }] });
}

describe.skipIf(!hasEtcd())('faultlab fleet', { timeout: 120_000 }, () => {
  it('lists the hosts with who has them, keeps runs away from one and lets it back', async () => {
    const { url, client } = await fleet();
    expect((await cli('fleet', 'list', '--etcd', url)).out).toContain('no agent is registered in environment "local"');
    await register(client, 'host-7');
    await register(client, 'host-8');
    await put(client, keys.hold('host-8'), 'run-1');
    expect((await cli('fleet', 'drain', 'host-7', '--reason', 'disk', '--etcd', url)).out).toContain('host-7 is taken by no new run;');
    const listed = (await cli('fleet', '--etcd', url)).out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4));
    expect(listed).toEqual([
      ['agent', 'host', 'labels', 'state'],
      ['host-7', '10.0.0.7', 'zone=b', 'draining'],
      ['host-8', '10.0.0.7', 'zone=b', 'run run-1'],
    ]);
    await cli('fleet', 'drain', 'host-7', '--lift', '--etcd', url);
    const { agents } = JSON.parse((await cli('fleet', 'list', '--json', '--etcd', url)).out) as { agents: { isDraining: boolean }[] };
    expect(agents.map(({ isDraining }) => isDraining)).toEqual([false, false]);
    const unknown = await cli('fleet', 'drain', 'host-9', '--etcd', url);
    expect(unknown).toMatchObject({ code: 64, err: expect.stringContaining('no agent named "host-9" is registered') });
  });

  it('finds what is not well with etcd and the hosts, and says what to do', async () => {
    const { url, client } = await fleet();
    const empty = await cli('fleet', 'doctor', '--etcd', url);
    expect(empty.code).toBe(69);
    expect(empty.out).toMatch(/✔ etcd writes: a write and a renewal|– etcd writes/);
    expect(empty.out).toContain('✘ agents: none is registered');
    await register(client, 'host-7', { version: '0.9.0' });
    const later = await cli('fleet', 'doctor', '--etcd', `${url},http://127.0.0.1:9`);
    expect(later.code).toBe(0);
    expect(later.out).toMatch(/– etcd members: no answer from http:\/\/127\.0\.0\.1:9: /);
    expect(later.out).toContain('– agents: 1 registered, 0 held by runs; host-7 of another version than 1.2.3');
  });

  it('halts every host whoever has it, waits until they have let go, and names those that have not', async () => {
    const { url, client } = await fleet();
    await register(client, 'host-7');
    await put(client, keys.hold('host-7'), 'run-1');
    const deaf = await cli('halt', '--reason', 'customers', '--etcd', url);
    expect(deaf).toMatchObject({ code: 5, err: expect.stringContaining('no answer from host-7') });
    expect((await cli('fleet', 'list', '--etcd', url)).out).toMatch(/^halted since .*: customers; lift it/);
    const states = { addresses: {}, listens: {}, services: {}, faults: {}, releases: {} };
    const left = { reason: 'halted', atMs: 1 };
    await put(client, keys.applied('run-1', 'host-7'), {
      agent: 'host-7',
      registration: 1,
      epoch: 1,
      n: 1,
      seenMs: 1,
      writtenMs: 1,
      ...states,
      left,
    });
    expect(await cli('halt', '--etcd', url)).toMatchObject({ code: 0, out: expect.stringContaining('halted: 1 of the hosts had a run') });
    expect((await cli('halt', '--lift', '--etcd', url)).out).toBe('lifted: runs may start in environment "local"');
    expect((await client.read({ key: keys.halt })).entries).toEqual([]);
  });
});

describe.skipIf(!hasEtcd())('without valid credentials', { timeout: 120_000 }, () => {
  it('nothing is registered, read, drained, injected or halted, and a password stands nowhere that others read', async () => {
    const server = await startEtcd();
    const folder = mkdtempSync(join(tmpdir(), 'faultlab-fleet-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [wrong, right, plan] = [join(folder, 'wrong'), join(folder, 'right'), join(folder, 'x.yaml')];
    const password = 'b4tt3ry-st4ple';
    writeFileSync(wrong, 'guessed');
    writeFileSync(right, password);
    writeFileSync(plan, TWO_ZONES);
    enableUsers(server, { name: 'lab', password, prefix: '/faultlab/v1/' });
    const client = forThisTest(new EtcdClient({ clock: hostClock, endpoints: [server.url], user: { name: 'lab', password } }));
    await register(client, 'host-1', { labels: { zone: 'a' } });
    const before = await client.read({ key: keys.root, isPrefix: true });
    const strangers = [[], ['--etcd-user', 'lab', '--etcd-password-file', wrong]];
    const acts = [
      ['fleet', 'list'],
      ['fleet', 'doctor'],
      ['fleet', 'drain', 'host-1'],
      ['fleet', 'drain', 'host-1', '--lift'],
      ['agent', '--name', 'stranger'],
      ['run', plan, '--out', join(folder, 'runs')],
      ['halt'],
      ['halt', '--lift'],
    ];
    for (const who of strangers) {
      for (const act of acts) {
        const { code, out, err } = await cli(...act, '--etcd', server.url, ...who);
        expect([act.join(' '), code, /refuses/.test(out + err)]).toEqual([act.join(' '), 69, true]);
        expect(out + err).not.toContain('host-1  ');
      }
    }
    expect((await client.read({ key: keys.root, isPrefix: true })).entries).toEqual(before.entries);
    const known = ['--etcd', server.url, '--etcd-user', 'lab', '--etcd-password-file', right];
    expect(await cli('fleet', 'list', ...known)).toMatchObject({ code: 0, out: expect.stringContaining('host-1') });
    const { code, out, err } = await cli('run', plan, '--out', join(folder, 'runs'), ...known);
    expect([code, err]).toEqual([69, expect.stringContaining('zone=b')]);
    const written = readdirSync(join(folder, 'runs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(written.length).toBeGreaterThan(0);
    for (const file of written) expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain(password);
    expect(out + err).not.toContain(password);
  });

  it('a password is not taken on the command line, where others read it', async () => {
    const { code, out, err } = await cli('fleet', 'list', '--etcd', 'http://lab:b4tt3ry@127.0.0.1:1');
    expect([code, err]).toEqual([64, expect.stringContaining('--etcd-password-file')]);
    expect(out + err).not.toContain('b4tt3ry');
  });
});

it('the fleet is nowhere without --etcd', async () => {
  expect(await cli('fleet', 'list')).toMatchObject({ code: 64, err: expect.stringContaining('--etcd') });
});
