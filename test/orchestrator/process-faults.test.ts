/** Faults on real processes: what the system says of them, what is told to the run, and that nothing outlives its lease. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { hostClock, sleep } from '../../src/core/clock.js';
import { isUnderQuota, whyNoQuota } from '../../src/orchestrator/services/cpu-quota.js';
import { whyNoFileLimits } from '../../src/orchestrator/services/file-limits.js';
import { conditionOf, startTicksOf } from '../../src/orchestrator/services/processes.js';
import { children, processRig } from '../support/process-rig.js';
import { until } from '../support/until.js';

const becomes = (condition: () => string, wanted: string) => vi.waitFor(() => expect(condition()).toBe(wanted), { timeout: 20_000 });

describe('pause', () => {
  it('stops the process until it is healed, and says so', async () => {
    const { faults, told, spec, condition } = await processRig();
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
    const { faults, spec, condition, changes } = await processRig();
    await faults.inject(spec({ type: 'pause', duration: '300ms' }));
    await vi.waitFor(() => expect(changes()).toEqual(['applied', 'duration']), { timeout: 20_000 });
    expect(condition()).toBe('running');
  });

  it('ends with its lease when nobody renews it, and the run is told as soon as it asks', async () => {
    const { faults, spec, condition, changes } = await processRig();
    await faults.inject(spec({ type: 'pause', lease: '2s' }));
    await becomes(condition, 'running');
    faults.renew();
    expect([changes(), faults.active]).toEqual([['applied', 'expired'], []]);
  });

  it('lasts longer than its lease where it is renewed', async () => {
    const { faults, spec, condition } = await processRig();
    await faults.inject(spec({ type: 'pause', lease: '2s' }));
    for (let i = 0; i < 6; i++) {
      await sleep(hostClock, 500);
      faults.renew();
    }
    expect(condition()).toBe('stopped');
    await faults.heal();
  });

  it('does nothing in a rehearsal but count', async () => {
    const { faults, told, spec, condition } = await processRig();
    await faults.inject(spec({ type: 'pause', percentage: 0 }));
    expect([condition(), told]).toMatchObject(['running', [{ change: 'applied', matched: 1, appliedCount: 0, skipped: 1 }]]);
    await faults.heal();
  });

  it('is not taken for expired while it begins', async () => {
    const { faults, spec, changes } = await processRig();
    const beginning = faults.inject(spec({ type: 'pause' }));
    faults.renew();
    await beginning;
    expect([changes(), faults.active.length]).toEqual([['applied'], 1]);
    await faults.heal();
  });

  it('that is healed while it begins has begun before it ends', async () => {
    const { faults, spec, condition, changes } = await processRig();
    await Promise.all([faults.inject(spec({ type: 'pause' })), faults.heal()]);
    expect([changes(), condition(), faults.active]).toEqual([['applied', 'healed'], 'running', []]);
  });

  it('is over, and said to be, when whoever kept it is gone', async () => {
    const { faults, keeper, spec, changes } = await processRig();
    await faults.inject(spec({ type: 'slowCpu', value: { share: 50 } }));
    keeper.isAlive = false;
    faults.renew();
    expect([changes(), faults.active]).toEqual([['applied', 'expired'], []]);
  });

  it('is over, and said to be, when another process has taken the place of the one that was hit', async () => {
    const { faults, spec, restart, changes } = await processRig();
    await faults.inject(spec({ type: 'pause' }));
    children.at(-1)?.kill('SIGKILL');
    await restart();
    faults.renew();
    expect([changes(), faults.active]).toEqual([['applied', 'expired'], []]);
  });

  it('reaches whom the process has started and who has left its group, and lets him go on', async () => {
    const PARENT = `setTimeout(() => console.log(require('child_process').spawn('sleep', ['60'], { detached: true }).pid), 100)`;
    const { faults, spec } = await processRig({ script: PARENT });
    const [said] = (await once(children.at(-1)?.stdout ?? process, 'data')) as [Buffer];
    const pid = Number(said);
    const stray = { pid, startTicks: startTicksOf(pid) };
    await faults.inject(spec({ type: 'pause' }));
    await becomes(() => conditionOf(stray), 'stopped');
    await faults.heal();
    await becomes(() => conditionOf(stray), 'running');
    process.kill(pid, 'SIGKILL');
  });

  it('is refused on a process that has a fault already', async () => {
    const { faults, spec } = await processRig();
    await faults.inject(spec({ type: 'slowCpu', value: { share: 50 } }));
    await expect(faults.inject(spec({ type: 'pause', id: 'r:other' }))).rejects.toMatchObject({ code: 'PROCESS_TAKEN' });
    await faults.heal();
  });

  it('is refused where there is no process', async () => {
    const { faults, spec } = await processRig();
    await expect(faults.inject(spec({ type: 'pause', proxies: ['s-2'] }))).rejects.toMatchObject({ code: 'SERVICE_NOT_READY' });
    expect(faults.active).toEqual([]);
  });

  it('of a process that ended by itself meanwhile is healed', async () => {
    const { faults, spec, changes } = await processRig();
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
    const { faults, keeper, spec, condition } = await processRig({ clock: hasty });
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
    const { faults, spec, condition } = await processRig();
    await faults.inject(spec({ type: 'crash' }));
    expect(condition()).toBe('gone');
    await faults.heal();
    expect(condition()).toBe('running');
  });

  it('replaces the data once the process is gone, and before it starts again', async () => {
    const { faults, spec, replaced, condition } = await processRig();
    await faults.inject(spec({ type: 'crash', value: { data: 'empty' } }));
    expect(replaced).toEqual(['s-1 nothing gone']);
    await faults.heal();
    expect(condition()).toBe('running');
  });

  it('kills nobody whose data cannot be replaced', async () => {
    const { faults, spec, replaced, condition, told } = await processRig();
    await expect(faults.inject(spec({ type: 'crash', value: { data: 'stale' } }))).rejects.toMatchObject({ code: 'SNAPSHOT_MISSING' });
    expect([condition(), replaced, told, faults.active]).toEqual(['running', [], [], []]);
  });

  it('leaves it away where it is told to', async () => {
    const { faults, spec, condition } = await processRig();
    await faults.inject(spec({ type: 'crash', value: { restart: false } }));
    await faults.heal();
    expect([condition(), faults.active]).toEqual(['gone', []]);
  });
});

describe('work on processes that stand still', () => {
  it('finds them stopped, and they go on afterwards, also when it fails', async () => {
    const { faults, condition } = await processRig();
    const seen: string[] = [];
    await faults.whileStill(['s-1'], async () => void seen.push(condition()));
    const failing = faults.whileStill(['s-1'], () => Promise.reject(new Error('no room')));
    await expect(failing).rejects.toThrow('no room');
    expect([seen, condition()]).toEqual([['stopped'], 'running']);
  });

  it('is not taken for done where somebody lets them go on before its end', async () => {
    const { faults, condition } = await processRig();
    const done = faults.whileStill(['s-1'], async () => {
      process.kill(children.at(-1)?.pid ?? 0, 'SIGCONT');
      await becomes(condition, 'running');
    });
    await expect(done).rejects.toMatchObject({
      code: 'PROCESS_MOVED',
      message: expect.stringContaining('went on while its data was copied'),
    });
  });

  it('is refused where a fault has them', async () => {
    const { faults, spec, condition } = await processRig();
    await faults.inject(spec({ type: 'pause' }));
    await expect(faults.whileStill(['s-1'], () => Promise.resolve())).rejects.toMatchObject({ code: 'PROCESS_TAKEN' });
    expect(condition()).toBe('stopped');
    await faults.heal();
  });

  it('keeps them for itself: nothing that would undo it begins before it is done', async () => {
    const { faults, spec, condition } = await processRig();
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
    const { faults, spec, changes, condition } = await processRig({ script: WRITER });
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
    const { faults, spec } = await processRig();
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
  const BUSY = { script: 'for (;;) {}' };
  const slow = (by?: string, share = 20) => ({ type: 'slowCpu', value: { share, ...(by !== undefined && { by }) } });

  /** Where one can be set here for a process of ours; root mostly may. */
  const mayQuota = whyNoQuota(process.pid, 20) === undefined;

  it.each(['either', 'turns'])('leaves a busy process its share of a processor (%s), and lets it run freely afterwards', async (by) => {
    const { faults, spec, condition, notes } = await processRig(BUSY);
    const pid = children.at(-1)?.pid ?? 0;
    await faults.inject(spec(slow(by)));
    const isByQuota = by === 'either' && mayQuota;
    expect(isUnderQuota(pid)).toBe(isByQuota);
    expect(notes).toEqual([expect.stringMatching(isByQuota ? /20 % of a processor by a quota$/ : /in turns of stopping and going on/)]);
    const [fromMs, before] = [hostClock.nowMs(), cpu(pid)];
    await sleep(hostClock, 1_000);
    await sleep(hostClock, 1_000);
    const share = (cpu(pid) - before) / ((hostClock.nowMs() - fromMs) / 1_000);
    // On a busy machine it gets less than its share, never much more; and not nothing, as if it were paused.
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.45);
    await faults.heal();
    await becomes(condition, 'running');
    expect(isUnderQuota(pid)).toBe(false);
  });

  it.runIf(mayQuota)('by a quota ends with its lease when nobody renews it, and the run is told as soon as it asks', async () => {
    const { faults, spec, changes } = await processRig(BUSY);
    const pid = children.at(-1)?.pid ?? 0;
    await faults.inject(spec({ ...slow('quota'), lease: '2s' }));
    await until(() => !isUnderQuota(pid));
    faults.renew();
    expect(changes()).toEqual(['applied', 'expired']);
  });

  it('by turns ends with its lease when nobody renews it, and the run is told as soon as it asks, though the process does not show it', async () => {
    const { faults, spec, changes } = await processRig();
    await faults.inject(spec({ ...slow('turns'), lease: '1s' }));
    for (let i = 0; i < 3; i++) await sleep(hostClock, 500);
    faults.renew();
    expect([changes(), faults.active]).toEqual([['applied', 'expired'], []]);
  });

  it('by turns lasts longer than its lease where it is renewed', async () => {
    const { faults, spec, changes } = await processRig();
    await faults.inject(spec({ ...slow('turns'), lease: '5s' }));
    for (let i = 0; i < 12; i++) {
      await sleep(hostClock, 500);
      faults.renew();
    }
    expect(changes()).toEqual(['applied']);
    await faults.heal();
  });

  it.runIf(mayQuota)('by a quota is over when whoever kept it is gone, and the process is free', async () => {
    const { faults, keeper, spec, changes } = await processRig();
    const pid = children.at(-1)?.pid ?? 0;
    await faults.inject(spec(slow('quota')));
    expect(isUnderQuota(pid)).toBe(true);
    [keeper.isAlive, keeper.isDeaf] = [false, true];
    faults.renew();
    expect([changes(), faults.active, isUnderQuota(pid)]).toEqual([['applied', 'expired'], [], false]);
  });

  it('by a quota is refused for a process that somebody else has started, and nothing is on', async () => {
    const { faults, spec, told } = await processRig({ isOurs: false });
    await expect(faults.inject(spec(slow('quota')))).rejects.toMatchObject({ code: 'QUOTA_UNAVAILABLE' });
    expect([faults.active, told]).toEqual([[], []]);
  });
});
