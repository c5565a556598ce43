import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveProcess } from '../../../src/journal/store.js';
import { process as probe } from '../../../src/orchestrator/probes/process.js';
import { startTicksOf } from '../../../src/orchestrator/services/processes.js';
import { probing } from '../../support/probing.js';

let child: ChildProcess;
let own: LiveProcess;
beforeEach(async () => {
  child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  own = { name: 'pay-1', pid, startTicks: startTicksOf(pid) };
});
afterEach(() => {
  child.kill('SIGKILL');
});

const ask = (tolerance: string | undefined, processes: readonly LiveProcess[]) =>
  probe.run(probe.schema.parse({ target: { to: 'pay' }, tolerance }), probing({ processes: () => processes }), AbortSignal.timeout(1_000));

describe('the process probe', () => {
  it('tells a process that runs from one that is stopped, which would still accept connections', async () => {
    expect(await ask(undefined, [own])).toMatchObject({ met: true, value: 1 });
    child.kill('SIGSTOP');
    await expect.poll(() => ask('stopped', [own])).toMatchObject({ met: true });
    expect(await ask(undefined, [own])).toEqual({ met: false, value: 0, detail: `0 of 1 running; pay-1 (pid ${own.pid}) is stopped` });
    child.kill('SIGCONT');
    await expect.poll(() => ask(undefined, [own])).toMatchObject({ met: true });
  });

  it('sees that a process is gone, whoever has its pid now', async () => {
    expect(await ask('gone', [{ ...own, startTicks: '1' }])).toMatchObject({ met: true });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await ask(undefined, [own])).toMatchObject({ met: false, detail: expect.stringContaining('gone') });
  });

  it('cannot judge a service that this run has not started', async () => {
    expect(await ask(undefined, [])).toMatchObject({ met: null });
  });
});
