import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { ControlGroup, isInGroup, limitsGroup } from '../../../src/orchestrator/services/control-group.js';
import { isUnderQuota, whyNoQuota } from '../../../src/orchestrator/services/cpu-quota.js';
import { markAs } from '../../../src/orchestrator/services/marked.js';
import { isAlive, startTicksOf } from '../../../src/orchestrator/services/processes.js';
import type { ReaperOrder } from '../../../src/orchestrator/services/reaper-order.js';
import { built } from '../../support/built.js';
import { until } from '../../support/until.js';

const IDLE = 'setInterval(() => {}, 1e6);';

/** Resolves with the first that the program says. */
async function start(mark: string, program = `console.log('up'); ${IDLE}`) {
  const child = spawn(process.execPath, ['-e', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...markAs(mark) },
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: String(said), alive: liveOf(child.pid ?? 0) };
}

const liveOf = (pid: number) => ({ pid, startTicks: startTicksOf(pid) });

function startReaper(mark: string): ChildProcess {
  return spawn(process.execPath, [built('orchestrator/services/reaper.js'), mark], { stdio: ['pipe', 'ignore', 'inherit'] });
}

it('ends those that it was told of when its input ends', async () => {
  const reaper = startReaper('none');
  const { child, alive } = await start('other');
  reaper.stdin?.write(`${JSON.stringify({ order: 'own', pid: alive.pid } satisfies ReaperOrder)}\n`);
  reaper.stdin?.end();
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect([code, signal, isAlive(alive)]).toEqual([null, 'SIGTERM', false]);
  await once(reaper, 'exit');
});

it.skipIf(process.platform !== 'linux')('ends whoever carries its mark, named or not, and nobody else', async () => {
  const mark = `test-${process.pid}`;
  const unnamed = await start(mark);
  // It ignores SIGTERM, and its child has left the group and the parent.
  const daemon = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(IDLE)}], {detached: true, stdio: 'ignore'});
    process.on('SIGTERM', () => {}); console.log(child.pid); child.unref(); ${IDLE}`;
  const stubborn = await start(mark, daemon);
  const grandchild = liveOf(Number(stubborn.said));
  const other = await start(`${mark}-other`);
  try {
    expect([unnamed.alive, stubborn.alive, grandchild, other.alive].map(isAlive)).toEqual([true, true, true, true]);
    const reaper = startReaper(mark);
    reaper.stdin?.end();
    await once(reaper, 'exit');
    expect([unnamed.alive, stubborn.alive, grandchild, other.alive].map(isAlive)).toEqual([false, false, false, true]);
  } finally {
    for (const { child } of [unnamed, stubborn, other]) child.kill('SIGKILL');
  }
});

it.runIf(whyNoQuota(process.pid, 20) === undefined)('takes quotas and limits away with the processes, when its input ends', async () => {
  const reaper = startReaper('none');
  const [slowed, limited] = [(await start('other')).alive, (await start('other')).alive];
  ControlGroup.make({ limits: { cpus: 0.5 }, pid: limited.pid, name: limitsGroup(limited.pid) }).take([limited.pid]);
  const orders: ReaperOrder[] = [
    { order: 'own', pid: limited.pid },
    { order: 'own', pid: slowed.pid },
    { order: 'keep', act: { kind: 'quota', pid: slowed.pid, percent: 20 }, leaseMs: 60_000 },
  ];
  for (const order of orders) reaper.stdin?.write(`${JSON.stringify(order)}\n`);
  await until(() => isUnderQuota(slowed.pid));
  expect(isInGroup(limited.pid, limitsGroup(limited.pid))).toBe(true);
  const theirs = (): string[] => {
    const groups = readdirSync('/sys/fs/cgroup', { recursive: true }).map((path) => basename(String(path)));
    return groups.filter((name) => name.startsWith('faultlab-') && [slowed, limited].some(({ pid }) => name.endsWith(`-${pid}`)));
  };
  expect(theirs().length).toBe(2);
  reaper.stdin?.end();
  await once(reaper, 'exit');
  expect([[slowed, limited].map(isAlive), theirs()]).toEqual([[false, false], []]);
});
