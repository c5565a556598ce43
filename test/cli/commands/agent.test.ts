import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/program.js';
import { hostClock } from '../../../src/core/clock.js';
import { EtcdClient } from '../../../src/etcd/client.js';
import { fleetKeys } from '../../../src/orchestrator/fleet/keys.js';
import { cli, session } from '../../support/cli.js';
import { hasEtcd, startEtcd } from '../../support/etcd.js';
import { forThisTest } from '../../support/for-this-test.js';
import { until } from '../../support/until.js';

describe('faultlab agent', () => {
  it.each([
    [[], '--etcd'],
    [['--etcd', 'here'], 'expected URLs'],
    [['--etcd', 'http://127.0.0.1:1', '--name', 'a/b'], 'expected a name'],
    [['--etcd', 'http://127.0.0.1:1', '--label', 'zone'], 'KEY=VALUE'],
    [['--etcd', 'http://127.0.0.1:1', '--keep', 'much'], 'expected a size'],
    [['--etcd', 'http://127.0.0.1:1', '--etcd-user', 'me'], 'belong together'],
  ])('refuses %j', async (options, reason) => {
    expect(await cli('agent', ...options)).toMatchObject({ code: 64, err: expect.stringContaining(reason) });
  });

  it.skipIf(!hasEtcd())('registers with its labels, and takes its name away when it is interrupted', async () => {
    const server = await startEtcd();
    const client = forThisTest(new EtcdClient({ clock: hostClock, endpoints: [server.url] }));
    const registered = async () => (await client.read({ key: fleetKeys('lab').agents, isPrefix: true })).entries;
    const { context, said, interrupt } = session();
    const served = main(['agent', '--etcd', server.url, '--name', 'host-7', '--label', 'zone=b', '--environment', 'lab'], context);
    await until(() => said().out.includes('is ready'));
    const [entry] = await registered();
    expect(JSON.parse(entry?.value ?? '')).toMatchObject({ name: 'host-7', labels: { zone: 'b' }, host: '127.0.0.1', version: '1.2.3' });
    interrupt('SIGTERM');
    await served;
    expect(await registered()).toEqual([]);
  });
});
