/** Who is signalled and who is not: somebody else's process alone, only while it is the one that was seen, and a unit by systemd. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { whyOutOfReach } from '../../../src/orchestrator/services/foreign-process.js';
import { conditionOf, startTicksOf } from '../../../src/orchestrator/services/processes.js';
import { reachKey, signalAll } from '../../../src/orchestrator/services/reach.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(): Promise<{ pid: number; startTicks: string }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  return { pid, startTicks: startTicksOf(pid) };
}
const becomes = (which: { pid: number; startTicks: string }, wanted: string) =>
  vi.waitFor(() => expect(conditionOf(which)).toBe(wanted), { timeout: 20_000 });

describe('a process of somebody else', () => {
  it('is stopped alone, though it shares its group with others, and goes on', async () => {
    const [hit, spared] = [await start(), await start()];
    signalAll({ kind: 'process', ...hit }, 'SIGSTOP');
    await becomes(hit, 'stopped');
    expect(conditionOf(spared)).toBe('running');
    signalAll({ kind: 'process', ...hit }, 'SIGCONT');
    await becomes(hit, 'running');
  });

  it('whose number was given to another is not signalled', async () => {
    const [now, witness] = [await start(), await start()];
    signalAll({ kind: 'process', pid: now.pid, startTicks: `${Number(now.startTicks) - 1}` }, 'SIGSTOP');
    signalAll({ kind: 'process', ...witness }, 'SIGSTOP');
    await becomes(witness, 'stopped');
    expect(conditionOf(now)).toBe('running');
  });

  it.each([
    ['the first of the machine', 1, undefined, 'the first process of the machine'],
    ['the run itself', process.pid, undefined, 'this run would stop itself'],
    ['who started it', process.ppid, undefined, 'this run would stop itself'],
    ['one of another user', 77, 'EPERM', 'it belongs to user'],
    ['one that is gone', 77, 'ESRCH', 'ESRCH'],
    ['one that may be stopped', 77, '', undefined],
  ])('is out of reach or not: %s', (_who, pid, code, reason) => {
    const kill = (): void => {
      if (code !== '') throw Object.assign(new Error(`kill ${code}`), { code });
    };
    const found = whyOutOfReach(pid, kill);
    if (reason === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(reason);
  });
});

describe('a unit', () => {
  const { PATH } = process.env;
  it('is stopped and continued by systemd', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'systemd-'));
    const said = join(folder, 'said');
    await writeFile(join(folder, 'systemctl'), `#!/bin/sh\necho "$*" >> ${said}\n`);
    await chmod(join(folder, 'systemctl'), 0o755);
    process.env['PATH'] = `${folder}${delimiter}${PATH}`;
    try {
      for (const signal of ['SIGSTOP', 'SIGCONT'] as const) {
        signalAll({ kind: 'unit', unit: 'web.service' }, signal);
        await vi.waitFor(async () => expect(await readFile(said, 'utf8')).toContain(signal), { timeout: 20_000 });
      }
      expect(await readFile(said, 'utf8')).toBe('kill --signal=SIGSTOP web.service\nkill --signal=SIGCONT web.service\n');
    } finally {
      process.env['PATH'] = PATH;
      await rm(folder, { recursive: true });
    }
  });

  it('is told from a process by its key', () => {
    expect([reachKey({ kind: 'unit', unit: '7' }), reachKey({ kind: 'group', pid: 7 })]).toEqual(['unit 7', '7']);
  });
});
