/**
 * By whom a process is reached when it is to stand still: what the run has started by its group and whom that has started, somebody else's by that one process, a systemd unit by
 * systemd, which knows all of its processes. A pid of somebody else means him only while his start time is the one that was seen.
 */
import { spawn } from 'node:child_process';
import { type Condition, conditionOf, type Identity, isAlive, signalFamily, signalOne, startTicksOf, straysOf } from './processes.js';
import { unitMembers } from './unit-members.js';

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

/**
 * Of whoever is reached, where `main` is the process that was looked for. A group gets its signals at once and is as its leader is; systemd sends them to
 * one process of a unit after the other, and the unit is `partly stopped` meanwhile.
 */
export function conditionIn(reach: Reach, main: Identity): Condition | 'partly stopped' {
  const own = conditionOf(main);
  if (reach.kind !== 'unit' || own === 'gone') return own;
  const others = unitMembers(main.pid).map((pid) => conditionOf({ pid, startTicks: startTicksOf(pid) }));
  return others.every((one) => one === own || one === 'gone') ? own : 'partly stopped';
}

/** The same for the same processes. */
export function reachKey(reach: Reach): string {
  return reach.kind === 'unit' ? `unit ${reach.unit}` : String(reach.pid);
}
