import { describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import { faultSpecSchema } from '../../../src/dataplane/faults/spec.js';
import { DaemonDriver } from '../../../src/orchestrator/drivers/daemon.js';
import { daemon } from '../../../src/orchestrator/planes/daemon.js';
import { startDaemon } from '../../support/cli.js';
import { planePorts } from '../../support/plane-ports.js';

describe('our own daemon as the data plane', () => {
  it('carries every fault and records every link', () => {
    const {
      id: _id,
      proxies: _proxies,
      ...spec
    } = faultSpecSchema.parse({ id: 'f', proxies: ['p'], type: 'abort', pulse: { active: '1s', dormant: '1s' } });
    expect([daemon.objections(spec), daemon.caveats(spec), daemon.linksUnseen]).toEqual([[], [], undefined]);
  });

  it('is the one that the operator named, and outlives the run then', async () => {
    await using served = await startDaemon();
    await using plane = await daemon.open({}, planePorts({ connect: { url: served.url } }));
    expect([plane.outlivesRun, plane.processes, (await plane.driver.status()).environment]).toEqual([true, [], 'local']);
  });

  it('of a dead run is not looked for when its process is gone', async () => {
    const gone = { name: 'daemon', pid: process.pid, startTicks: '1' };
    const live = { run: 'r', pid: 1, startTicks: '', startedWallMs: 0, daemonUrl: 'http://127.0.0.1:1', processes: [gone] };
    expect(await daemon.healAfter(live, { clock: hostClock })).toBeUndefined();
  });

  it('that serves on is healed of a dead run’s faults and links, and of nothing else', async () => {
    await using served = await startDaemon();
    const driver = new DaemonDriver({ url: served.url });
    await driver.claim('dead');
    for (const name of ['a->b', 'somebody-else']) await driver.createProxy({ name, upstream: '127.0.0.1:9' });
    const spec = faultSpecSchema.parse({ id: 'dead/f', type: 'blackhole', proxies: ['a->b'] });
    await driver.inject([spec]);
    const live = { run: 'dead', pid: 1, startTicks: '', startedWallMs: 0, daemonUrl: served.url, links: ['a->b'], processes: [] };
    expect(await daemon.healAfter(live, { clock: hostClock })).toContain('1 faults of the run on: healed');
    expect(served.daemon.faults()).toEqual([]);
    expect(served.daemon.proxies().map((proxy) => proxy.name)).toEqual(['somebody-else']);
    await new DaemonDriver({ url: served.url }).claim('next');
  });

  it('that does not answer is said to have been asked', async () => {
    const live = { run: 'r', pid: 1, startTicks: '', startedWallMs: 0, daemonUrl: 'http://127.0.0.1:1', processes: [] };
    expect(await daemon.healAfter(live, { clock: hostClock })).toContain('could not be asked');
  });
});
