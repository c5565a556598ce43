/** What a run left that was killed together with whoever would have ended its processes: found by the next run, ended or let go on, and not said to be before it is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { type LiveProcess, type LiveRun, listLive } from '../../src/journal/store.js';
import { cleanLeftovers } from '../../src/orchestrator/leftovers.js';
import { markAs } from '../../src/orchestrator/services/marked.js';
import { conditionOf, startTicksOf } from '../../src/orchestrator/services/processes.js';
import { closedPort } from '../support/tcp.js';

const children: ChildProcess[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leftovers-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

async function startStopped(name: string, env: Readonly<Record<string, string>> = {}): Promise<LiveProcess> {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env: { ...process.env, ...env } });
  children.push(child);
  const pid = child.pid ?? 0;
  const own = { name, pid, startTicks: startTicksOf(pid) };
  child.kill('SIGSTOP');
  await vi.waitFor(() => expect(conditionOf(own)).toBe('stopped'), { timeout: 20_000 });
  return own;
}

async function died(left: Partial<LiveRun>): Promise<readonly string[]> {
  const run = '20261122T120000Z-died-1';
  const live = { run, pid: process.pid, startTicks: 'of another', startedWallMs: 1, processes: [], ...left };
  await mkdir(join(folder, run), { recursive: true });
  await writeFile(join(folder, run, 'live.json'), JSON.stringify({ daemonUrl: `http://127.0.0.1:${await closedPort()}`, ...live }));
  const found = await cleanLeftovers({ clock: hostClock }, folder);
  return found.map(({ what }) => what);
}

it('somebody else’s process goes on, and is not ended', async () => {
  const theirs = await startStopped('db-1');
  expect(await died({ stoppable: [theirs] })).toContain(`db-1 (pid ${theirs.pid}) was still stopped: it goes on`);
  expect(conditionOf(theirs)).toBe('running');
  expect(await listLive(folder)).toEqual([]);
});

it('whoever carries the mark of the run is ended, though it is stopped and nobody has named it', async () => {
  const stray = await startStopped('stray', markAs('mark-of-r-1'));
  const other = await startStopped('other', markAs('mark-of-another'));
  expect(await died({ mark: 'mark-of-r-1' })).toContain(`a process of its services (pid ${stray.pid}) was still running: ended`);
  expect([conditionOf(stray), conditionOf(other)]).toEqual(['gone', 'stopped']);
}, 20_000);

it('what cannot be let go on is said to stand still, with what to do, and the next run looks again', async () => {
  const theirs = await startStopped('web-1');
  const unit = { ...theirs, unit: 'faultlab-no-such-unit' };
  const sentence = `web-1 (pid ${theirs.pid}) is still stopped; let it go on with \`systemctl kill --signal=SIGCONT faultlab-no-such-unit\``;
  expect(await died({ stoppable: [unit] })).toContain(sentence);
  expect(await listLive(folder)).toHaveLength(1);
  process.kill(theirs.pid, 'SIGCONT');
  await vi.waitFor(() => expect(conditionOf(theirs)).toBe('running'), { timeout: 20_000 });
  await died({ stoppable: [unit] });
  expect(await listLive(folder)).toEqual([]);
}, 30_000);
