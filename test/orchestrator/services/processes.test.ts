import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostClock, sleep } from '../../../src/core/clock.js';
import { isAlive, OwnedProcess, startTicksOf, terminate } from '../../../src/orchestrator/services/processes.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'processes-'));
});
afterEach(() => rm(folder, { recursive: true }));

const spawn = (...argv: string[]) => OwnedProcess.spawn({ name: 'p', argv, env: { GREETING: 'hello' }, logFile: join(folder, 'p.log') });

describe('a process of ours', () => {
  it('has its environment, and its last words when it fails', async () => {
    const own = await spawn('sh', '-c', 'echo $GREETING; exit 3');
    expect(await own.exited).toEqual({ code: 3, signal: null });
    expect(await own.lastWords()).toBe('hello');
    expect(isAlive(own.live)).toBe(false);
  });

  it('that cannot be started says which program is missing', async () => {
    await expect(spawn('no-such-program')).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND', details: { program: 'no-such-program' } });
  });

  it('is ended with its children, also when it ignores SIGTERM', async () => {
    const own = await spawn('sh', '-c', 'trap "" TERM; sleep 60 & echo $!; wait; sleep 60');
    while ((await own.lastWords()) === '') await sleep(hostClock, 20);
    const child = Number(await own.lastWords());
    const ticks = startTicksOf(child);
    expect(isAlive({ pid: child, startTicks: ticks })).toBe(true);
    await terminate(hostClock, [own.live]);
    expect(isAlive(own.live)).toBe(false);
    // The group got SIGTERM, and what ignored it SIGKILL; the kernel takes a moment to let it go.
    await vi.waitFor(() => expect(isAlive({ pid: child, startTicks: ticks })).toBe(false), 5_000);
  });

  it('is alive although it belongs to another user, whom nobody here may signal', async () => {
    const own = await spawn('sleep', '60');
    const refused = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    try {
      expect([isAlive(own.live), isAlive({ ...own.live, startTicks: '1' })]).toEqual([true, false]);
    } finally {
      refused.mockRestore();
      await terminate(hostClock, [own.live]);
    }
  });

  it('leaves no child behind that ignores SIGTERM when it obeys it itself', async () => {
    const own = await spawn('sh', '-c', '(trap "" TERM; echo started; sleep 60) & echo $!; wait');
    while ((await own.lastWords()).split('\n').length < 2) await sleep(hostClock, 20);
    const child = Number(/\d+/.exec(await own.lastWords())?.[0]);
    const ticks = startTicksOf(child);
    await terminate(hostClock, [own.live]);
    await vi.waitFor(() => expect(isAlive({ pid: child, startTicks: ticks })).toBe(false), 5_000);
  });

  it('is not confused with another that got its pid', () => {
    expect(isAlive({ pid: process.pid, startTicks: startTicksOf(process.pid) })).toBe(true);
    expect(isAlive({ pid: process.pid, startTicks: '1' })).toBe(false);
  });
});
