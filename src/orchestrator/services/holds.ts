/** Processes that are stopped, wholly or for a share of the time, each under a lease. */
import type { Clock } from '../../core/clock.js';
import { Kept, type Turn } from './kept.js';
import { signalGroup } from './processes.js';

/** One turn of running and standing still. Long enough that starting and stopping costs little, short enough to look slow instead of stuck. */
const TURN_MS = 50;

export class Holds extends Kept<number> {
  constructor(clock: Clock) {
    super(clock, (pid) => signalGroup(pid, 'SIGCONT'));
  }

  /** From now on the group runs for so much of the time. */
  hold(pid: number, { leaseMs, runPercent }: { leaseMs: number; runPercent: number }): void {
    this.keep(pid, leaseMs, turnsOf(pid, runPercent));
  }
}

function turnsOf(pid: number, runPercent: number): Turn {
  let runs = true;
  return () => {
    runs = !runs;
    signalGroup(pid, runs ? 'SIGCONT' : 'SIGSTOP');
    if (runPercent === 0) return Number.POSITIVE_INFINITY;
    return (TURN_MS * (runs ? runPercent : 100 - runPercent)) / 100;
  };
}
