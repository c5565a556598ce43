/**
 * By whom a process is reached when it is to stand still: what the run has started by its group and whom that has started, somebody else's by that one process, a systemd unit by
 * systemd, which knows all of its processes. A pid of somebody else means him only while his start time is the one that was seen.
 */
import { spawn } from 'node:child_process';
import { type Identity, isAlive, signalFamily, signalOne, straysOf } from './processes.js';

export type Reach = { kind: 'group'; pid: number } | { kind: 'process'; pid: number; startTicks: string } | { kind: 'unit'; unit: string };

/** Whom a group has started and who has left it. */
export function straysIn(reach: Reach): readonly Identity[] {
  return reach.kind === 'group' ? straysOf(reach.pid) : [];
}

/** Who is gone is not signalled, and no error. What systemd makes of it is seen by looking at the process. */
export function signalAll(reach: Reach, signal: 'SIGSTOP' | 'SIGCONT', strays = straysIn(reach)): void {
  switch (reach.kind) {
    case 'group':
      signalFamily(reach.pid, signal, strays);
      return;
    case 'process':
      if (isAlive(reach)) signalOne(reach.pid, signal);
      return;
    case 'unit':
      spawn('systemctl', ['kill', `--signal=${signal}`, reach.unit], { stdio: 'ignore' }).on('error', () => {});
      return;
  }
}

/** The same for the same processes. */
export function reachKey(reach: Reach): string {
  return reach.kind === 'unit' ? `unit ${reach.unit}` : String(reach.pid);
}
