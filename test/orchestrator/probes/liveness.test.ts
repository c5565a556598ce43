import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveness } from '../../../src/orchestrator/probes/liveness.js';
import type { ProbedInstance } from '../../../src/orchestrator/probes/probe.js';
import { startTicksOf } from '../../../src/orchestrator/services/processes.js';
import { probing } from '../../support/probing.js';

let child: ChildProcess;
let alive: ProbedInstance;
beforeEach(async () => {
  child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const process = { name: 'pay-1', pid, startTicks: startTicksOf(pid) };
  alive = { name: 'pay-1', address: '127.0.0.1:1', readyPath: '/ready', process, restarts: 0 };
});
afterEach(() => {
  child.kill('SIGKILL');
});

const ask = (instances: readonly ProbedInstance[], restartsMax?: number) =>
  liveness.run(
    liveness.schema.parse({ target: { to: 'pay' }, restartsMax }),
    probing({ instances: () => instances }),
    AbortSignal.timeout(5_000),
  );

describe('the liveness probe', () => {
  it('is met by a process that runs, ready or not, and not by one that is stopped or gone', async () => {
    expect(await ask([alive])).toEqual({ met: true, value: 1, detail: '1 of 1 alive' });
    child.kill('SIGSTOP');
    await expect.poll(() => ask([alive])).toMatchObject({ met: false, detail: expect.stringMatching(/pay-1: .* is stopped$/) });
    child.kill('SIGKILL');
    await expect.poll(() => ask([alive])).toMatchObject({ met: false, detail: expect.stringMatching(/is gone$/) });
  });

  it('sees that an instance was restarted, which answers as if nothing had been', async () => {
    expect(await ask([{ ...alive, restarts: 1 }])).toMatchObject({ met: false, detail: '0 of 1 alive; pay-1: it was restarted once' });
    expect(await ask([{ ...alive, restarts: 1 }], 1)).toMatchObject({ met: true });
  });

  it('takes who accepts for alive where there is no process to look at', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `127.0.0.1:${(server.address() as { port: number }).port}`;
    expect(await ask([{ ...alive, process: undefined, address }])).toMatchObject({ met: true });
    server.close();
    expect(await ask([{ ...alive, process: undefined }])).toMatchObject({ met: false });
    expect(await ask([])).toMatchObject({ met: null });
  });
});
