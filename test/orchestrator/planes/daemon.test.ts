import { describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import { faultSpecSchema } from '../../../src/dataplane/faults/spec.js';
import { daemon } from '../../../src/orchestrator/planes/daemon.js';
import { startDaemon } from '../../support/cli.js';

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
    const ports = { clock: hostClock, run: 'r', daemonArgv: [], logFile: '', connect: { url: served.url }, onFailure: () => {} };
    await using plane = await daemon.open({}, ports);
    expect([plane.outlivesRun, plane.processes, (await plane.driver.status()).environment]).toEqual([true, [], 'local']);
  });

  it('of a dead run is not looked for when its process is gone', async () => {
    const live = { run: 'r', pid: 1, startTicks: '', startedWallMs: 0, daemonUrl: 'http://127.0.0.1:1', processes: [] };
    expect(await daemon.healAfter(live, hostClock)).toBeUndefined();
  });
});
