/** Faults on real processes: what the system says of them, what is told to the run, and that nothing outlives its lease. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Clock, hostClock, sleep } from '../../src/core/clock.js';
import { LabError } from '../../src/core/errors.js';
import { type FaultSpecInput, faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import type { FaultChange } from '../../src/journal/observations.js';
import type { LiveProcess } from '../../src/journal/store.js';
import { ProcessFaults } from '../../src/orchestrator/process-faults.js';
import { whyNoFileLimits } from '../../src/orchestrator/services/file-limits.js';
import { Keeper } from '../../src/orchestrator/services/keeper.js';
import { conditionOf, startTicksOf } from '../../src/orchestrator/services/processes.js';
import type { ReaperOrder } from '../../src/orchestrator/services/reaper-order.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process in a group of its own that does nothing, or counts for ever. */
async function start(script = 'setInterval(() => {}, 1e6)'): Promise<LiveProcess> {
  const child = spawn(process.execPath, ['-e', `console.log(1); ${script}`], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout ?? child, 'data');
  return { name: 's-1', pid: child.pid ?? 0, startTicks: startTicksOf(child.pid ?? 0) };
}

async function rig({ script, clock = hostClock }: { script?: string; clock?: Clock } = {}) {
  let live = await start(script);
  const told: FaultChange[] = [];
  const replaced: string[] = [];
  const kept = new Keeper(hostClock);
  const keeper = {
    isAlive: true,
    isDeaf: false,
    tell: (told: ReaperOrder) => {
      if (keeper.isDeaf) return;
      if (told.order !== 'own' && told.order !== 'disown') kept.obey(told);
    },
  };
  const faults = new ProcessFaults({
    clock,
    run: 'r',
    processOf: (instance) => (instance === 's-1' ? { process: live, reach: { kind: 'group', pid: live.pid } } : undefined),
    reaper: () => keeper,
    kill: async () => {
      process.kill(live.pid, 'SIGKILL');
      await vi.waitFor(() => expect(conditionOf(live)).toBe('gone'), { timeout: 20_000 });
    },
    revive: async () => {
      live = await start(script);
    },
    clockFile: () => undefined,
    data: {
      check: async (_instance, by) => {
        if (by === 'copy') throw new LabError('SNAPSHOT_MISSING', { instance: 's-1' });
      },
      replace: async (instance, by) => void replaced.push(`${instance} ${by} ${conditionOf(live)}`),
    },
    tell: (change) => told.push(change),
  });
  const spec = (given: Partial<FaultSpecInput> & { type: string }) =>
    faultSpecSchema.parse({ id: 'r:step', proxies: ['s-1'], duration: '60s', ...given });
  return { faults, keeper, told, replaced, spec, condition: () => conditionOf(live), changes: () => told.map(({ change }) => change) };
}
const becomes = (condition: () => string, wanted: string) => vi.waitFor(() => expect(condition()).toBe(wanted), { timeout: 20_000 });

describe('pause', () => {
  it('stops the process until it is healed, and says so', async () => {
    const { faults, told, spec, condition } = await rig();
    await faults.inject(spec({ type: 'pause' }));
    expect([condition(), faults.active]).toEqual(['stopped', [{ id: 'r:step' }]]);
    await faults.heal();
    expect([condition(), faults.active]).toEqual(['running', []]);
    const counts = { matched: 1, appliedCount: 1, skipped: 0, fault: 'r:step', run: 'r' };
    expect(told).toMatchObject([
      { change: 'applied', ...counts },
      { change: 'healed', ...counts },
    ]);
  });

  it('ends with its duration', async () => {
    const { faults, spec, condition, changes } = await rig();
    await faults.inject(spec({ type: 'pause', duration: '300ms' }));
    await vi.waitFor(() => expect(changes()).toEqual(['applied', 'duration']), { timeout: 20_000 });
    expect(condition()).toBe('running');
  });

  it('ends with its lease when nobody renews it, and the run is told as soon as it asks', async () => {
    const { faults, spec, condition, changes } = await rig();
    await faults.inject(spec({ type: 'pause', lease: '2s' }));
    await becomes(condition, 'running');
    faults.renew();
    expect([changes(), faults.active]).toEqual([['applied', 'expired'], []]);
  });

  it('lasts longer than its lease where it is renewed', async () => {
    const { faults, spec, condition } = await rig();
    await faults.inject(spec({ type: 'pause', lease: '2s' }));
    for (let i = 0; i < 6; i++) {
      await sleep(hostClock, 500);
      faults.renew();
    }
    expect(condition()).toBe('stopped');
    await faults.heal();
  });

  it('does nothing in a rehearsal but count', async () => {
    const { faults, told, spec, condition } = await rig();
    await faults.inject(spec({ type: 'pause', percentage: 0 }));
    expect([condition(), told]).toMatchObject(['running', [{ change: 'applied', matched: 1, appliedCount: 0, skipped: 1 }]]);
    await faults.heal();
  });

  it('is not taken for expired while it begins', async () => {
    const { faults, spec, changes } = await rig();
    const beginning = faults.inject(spec({ type: 'pause' }));
    faults.renew();
    await beginning;
    expect([changes(), faults.active.length]).toEqual([['applied'], 1]);
    await faults.heal();
  });

  it('that is healed while it begins has begun before it ends', async () => {
    const { faults, spec, condition, changes } = await rig();
    await Promise.all([faults.inject(spec({ type: 'pause' })), faults.heal()]);
    expect([changes(), condition(), faults.active]).toEqual([['applied', 'healed'], 'running', []]);
  });

  it('is over, and said to be, when whoever kept it is gone', async () => {
    const { faults, keeper, spec, changes } = await rig();
    await faults.inject(spec({ type: 'slowCpu', value: { share: 50 } }));
    keeper.isAlive = false;
    faults.renew();
    expect([changes(), faults.active]).toEqual([['applied', 'expired'], []]);
  });

  it('is refused on a process that has a fault already', async () => {
    const { faults, spec } = await rig();
    await faults.inject(spec({ type: 'slowCpu', value: { share: 50 } }));
    await expect(faults.inject(spec({ type: 'pause', id: 'r:other' }))).rejects.toMatchObject({ code: 'PROCESS_TAKEN' });
    await faults.heal();
  });

  it('is refused where there is no process', async () => {
    const { faults, spec } = await rig();
    await expect(faults.inject(spec({ type: 'pause', proxies: ['s-2'] }))).rejects.toMatchObject({ code: 'SERVICE_NOT_READY' });
    expect(faults.active).toEqual([]);
  });

  it('of a process that ended by itself meanwhile is healed', async () => {
    const { faults, spec, changes } = await rig();
    await faults.inject(spec({ type: 'pause' }));
    for (const child of children) child.kill('SIGKILL');
    await faults.heal();
    expect(changes()).toEqual(['applied', 'healed']);
  });
});

describe('a process that does not do what it is told', () => {
  /** Five seconds of patience in a twentieth of a second. */
  const hasty = {
    nowMs: () => hostClock.nowMs() * 100,
    wallMs: hostClock.wallMs,
    after: (ms: number, run: () => void) => hostClock.after(ms / 100, run),
  };

  it('is told of by name, with what it is and what it was to be', async () => {
    const { faults, keeper, spec, condition } = await rig({ clock: hasty });
    keeper.isDeaf = true;
    await expect(faults.inject(spec({ type: 'pause' }))).rejects.toMatchObject({
      code: 'PROCESS_UNMOVED',
      message: expect.stringMatching(/the process of s-1 \(pid \d+\) is running and not stopped/),
    });
    await faults.heal();
    expect([condition(), faults.active]).toEqual(['running', []]);
  });
});

describe('crash', () => {
  it('kills the process, and starts another when it ends', async () => {
    const { faults, spec, condition } = await rig();
    await faults.inject(spec({ type: 'crash' }));
    expect(condition()).toBe('gone');
    await faults.heal();
    expect(condition()).toBe('running');
  });

  it('replaces the data once the process is gone, and before it starts again', async () => {
    const { faults, spec, replaced, condition } = await rig();
    await faults.inject(spec({ type: 'crash', value: { data: 'empty' } }));
    expect(replaced).toEqual(['s-1 nothing gone']);
    await faults.heal();
    expect(condition()).toBe('running');
  });

  it('kills nobody whose data cannot be replaced', async () => {
    const { faults, spec, replaced, condition, told } = await rig();
    await expect(faults.inject(spec({ type: 'crash', value: { data: 'stale' } }))).rejects.toMatchObject({ code: 'SNAPSHOT_MISSING' });
    expect([condition(), replaced, told, faults.active]).toEqual(['running', [], [], []]);
  });

  it('leaves it away where it is told to', async () => {
    const { faults, spec, condition } = await rig();
    await faults.inject(spec({ type: 'crash', value: { restart: false } }));
    await faults.heal();
    expect([condition(), faults.active]).toEqual(['gone', []]);
  });
});

describe('work on processes that stand still', () => {
  it('finds them stopped, and they go on afterwards, also when it fails', async () => {
    const { faults, condition } = await rig();
    const seen: string[] = [];
    await faults.whileStill(['s-1'], async () => void seen.push(condition()));
    const failing = faults.whileStill(['s-1'], () => Promise.reject(new Error('no room')));
    await expect(failing).rejects.toThrow('no room');
    expect([seen, condition()]).toEqual([['stopped'], 'running']);
  });

  it('is refused where a fault has them', async () => {
    const { faults, spec, condition } = await rig();
    await faults.inject(spec({ type: 'pause' }));
    await expect(faults.whileStill(['s-1'], () => Promise.resolve())).rejects.toMatchObject({ code: 'PROCESS_TAKEN' });
    expect(condition()).toBe('stopped');
    await faults.heal();
  });

  it('keeps them for itself: nothing that would undo it begins before it is done', async () => {
    const { faults, spec, condition } = await rig();
    await faults.whileStill(['s-1'], async () => {
      await expect(faults.inject(spec({ type: 'pause' }))).rejects.toMatchObject({ code: 'PROCESS_TAKEN' });
      await expect(faults.whileStill(['s-1'], () => Promise.resolve())).rejects.toMatchObject({ code: 'PROCESS_TAKEN' });
      expect(condition()).toBe('stopped');
    });
    await faults.inject(spec({ type: 'pause' }));
    await faults.heal();
  });
});

describe('fileFull', () => {
  /** Writes a byte more, twenty times a second, and says how that went. */
  const WRITER = `const fs = require('fs'), file = require('os').tmpdir() + '/file-full-' + process.pid;
setInterval(() => { try { fs.appendFileSync(file, 'x'); console.log('wrote'); } catch (error) { console.log(error.code); } }, 50);
process.on('exit', () => fs.rmSync(file, { force: true })); process.on('SIGTERM', () => process.exit())`;

  it('lets no file grow, which the process lives through, until it is healed', async () => {
    const { faults, spec, changes, condition } = await rig({ script: WRITER });
    const said: string[] = [];
    const child = children.at(-1);
    child?.stdout?.on('data', (text: Buffer) => said.push(...String(text).trim().split('\n')));
    const says = (word: string) => vi.waitFor(() => expect(said.at(-1)).toBe(word), { timeout: 20_000 });
    await says('wrote');
    await faults.inject(spec({ type: 'fileFull' }));
    await says('EFBIG');
    await faults.heal();
    await says('wrote');
    expect([changes(), condition()]).toEqual([['applied', 'healed'], 'running']);
    child?.kill('SIGTERM');
  });

  it('may be on beside a pause', async () => {
    const { faults, spec } = await rig();
    await faults.inject(spec({ type: 'fileFull' }));
    await faults.inject(spec({ type: 'pause', id: 'r:other' }));
    await faults.heal();
    expect(faults.active).toEqual([]);
  });

  it('says why there are no limits, where there is no prlimit', () => {
    expect([whyNoFileLimits(), whyNoFileLimits('no-such-program')]).toEqual([
      undefined,
      expect.stringContaining('no-such-program cannot be run'),
    ]);
  });
});

describe('slowCpu', () => {
  /** Seconds of processor time so far. */
  const cpu = (pid: number): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };

  it('leaves a busy process its share of the time, and lets it run freely afterwards', async () => {
    const { faults, spec, condition } = await rig({ script: 'for (;;) {}' });
    const pid = children.at(-1)?.pid ?? 0;
    await faults.inject(spec({ type: 'slowCpu', value: { share: 20 } }));
    const [fromMs, before] = [hostClock.nowMs(), cpu(pid)];
    await sleep(hostClock, 1_000);
    await sleep(hostClock, 1_000);
    const share = (cpu(pid) - before) / ((hostClock.nowMs() - fromMs) / 1_000);
    // On a busy machine it gets less than its share, never much more.
    expect(share).toBeLessThan(0.45);
    await faults.heal();
    await becomes(condition, 'running');
  });
});
