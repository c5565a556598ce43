/**
 * A small process of its own that ends a run's services when the orchestrator is gone. It reads `+PID` and `-PID` lines; when its input ends
 * without a word, which is what SIGKILL of the orchestrator looks like, it terminates the groups that are still on its list.
 */
import { createInterface } from 'node:readline';
import { hostClock } from '../../core/clock.js';
import type { LiveProcess } from '../../journal/store.js';
import { startTicksOf, terminate } from './processes.js';

const owned = new Map<number, LiveProcess>();

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) owned.set(pid, { name: String(pid), pid, startTicks: startTicksOf(pid) });
  else owned.delete(pid);
}
await terminate(hostClock, [...owned.values()]);
