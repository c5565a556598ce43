/**
 * A small process of its own that ends a run's services when the orchestrator is gone, and keeps those that a fault holds. It reads a line an order:
 * `+PID` and `-PID` for what is to be ended, `hold PID LEASE_MS RUN_PERCENT`, `free PID` and `renew`. When its input ends without a word, which is what
 * SIGKILL of the orchestrator looks like, it lets everything go on and terminates the groups that are still on its list, and whoever else carries the mark
 * that is its argument.
 */
import { createInterface } from 'node:readline';
import { hostClock, sleep } from '../../core/clock.js';
import type { LiveProcess } from '../../journal/store.js';
import { Holds } from './holds.js';
import { marked } from './marked.js';
import { isAlive, signalOne, startTicksOf, terminate } from './processes.js';

/** A process that was on its way when its parent was killed carries the mark by then. */
const LATECOMER_MS = 500;
/** Whoever starts others faster than he can be ended is left to the next run. */
const ROUNDS_MAX = 20;

const mark = process.argv[2] ?? '';
const owned = new Map<number, LiveProcess>();
const holds = new Holds(hostClock);

function obey(line: string): void {
  const [order = '', ...figures] = line.split(' ');
  const [pid = 0, leaseMs = 0, runPercent = 0] = figures.map(Number);
  if (order.startsWith('+')) own(Number(order.slice(1)));
  else if (order.startsWith('-')) disown(Number(order.slice(1)));
  else if (order === 'hold') holds.hold(pid, { leaseMs, runPercent });
  else if (order === 'free') holds.free(pid);
  else if (order === 'renew') holds.renew();
}

function own(pid: number): void {
  owned.set(pid, { name: String(pid), pid, startTicks: startTicksOf(pid) });
}

/** It has ended: its number may be somebody else's soon. */
function disown(pid: number): void {
  holds.forget(pid);
  owned.delete(pid);
}

/** Some of them may be in somebody else's group, out of reach of a signal to their own. */
async function end(processes: readonly LiveProcess[]): Promise<void> {
  await terminate(hostClock, processes);
  for (const { pid } of processes.filter(isAlive)) signalOne(pid, 'SIGKILL');
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.once(signal, () => {
    holds.freeAll();
    process.exit(1);
  });
}
for await (const line of createInterface({ input: process.stdin })) obey(line);
holds.freeAll();
await terminate(hostClock, [...owned.values()]);
await sleep(hostClock, LATECOMER_MS);
for (let round = 0, left = marked(mark); left.length > 0 && round < ROUNDS_MAX; round++, left = marked(mark)) await end(left);
