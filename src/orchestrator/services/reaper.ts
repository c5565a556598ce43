/**
 * A small process of its own that ends a run's services when the orchestrator is gone, and keeps the faults on their processes. It reads an order a line.
 * When its input ends without a word, which is what SIGKILL of the orchestrator looks like, it takes back what was done to them and terminates the groups
 * that are still on its list, and whoever else carries the mark that is its argument.
 */
import { createInterface } from 'node:readline';
import { hostClock, sleep } from '../../core/clock.js';
import type { LiveProcess } from '../../journal/store.js';
import { limitsGroup, removeGroup } from './control-group.js';
import { Keeper } from './keeper.js';
import { marked } from './marked.js';
import { startTicksOf, terminate } from './processes.js';
import type { ReaperOrder } from './reaper-order.js';
import { forgetClockOf } from './steered-clock.js';

/** A process that was on its way when its parent was killed carries the mark by then. */
const LATECOMER_MS = 500;
/** Whoever starts others faster than he can be ended is left to the next run. */
const ROUNDS_MAX = 20;

const mark = process.argv[2] ?? '';
const owned = new Map<number, LiveProcess>();
/** Whose groups of limits may be there yet, because somebody whom they have started was in it. */
const ended = new Set<number>();
const keeper = new Keeper(hostClock);

function obey(line: string): void {
  const told = orderOf(line);
  if (told === undefined) return;
  if (told.order === 'own') owned.set(told.pid, { name: String(told.pid), pid: told.pid, startTicks: startTicksOf(told.pid) });
  else if (told.order === 'disown') disown(told.pid);
  else keeper.obey(told);
}

/** Undefined for half a line: whoever wrote it was killed over it. */
function orderOf(line: string): ReaperOrder | undefined {
  try {
    return JSON.parse(line) as ReaperOrder;
  } catch {
    return undefined;
  }
}

function disown(pid: number): void {
  keeper.forget(pid);
  removeGroup(limitsGroup(pid));
  owned.delete(pid);
  ended.add(pid);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.once(signal, () => {
    keeper.takeAllBack();
    process.exit(1);
  });
}
for await (const line of createInterface({ input: process.stdin })) obey(line);
keeper.takeAllBack();
const left = [...owned.values()];
await terminate(hostClock, left);
for (const { pid } of left) forgetClockOf(pid);
await sleep(hostClock, LATECOMER_MS);
for (let round = 0, late = marked(mark); late.length > 0 && round < ROUNDS_MAX; round++, late = marked(mark))
  await terminate(hostClock, late);
for (const pid of [...ended, ...owned.keys()]) removeGroup(limitsGroup(pid));
