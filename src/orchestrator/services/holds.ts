/** Processes that are stopped, wholly or for a share of the time, each under a lease. */
import type { Clock } from '../../core/clock.js';
import { Kept, type Turn } from './kept.js';
import { type Reach, reachKey, signalAll } from './reach.js';

/** One turn of running and standing still. Long enough that starting and stopping costs little, short enough to look slow instead of stuck. */
const TURN_MS = 50;

export class Holds {
  readonly #kept: Kept<string>;

  constructor(clock: Clock) {
    this.#kept = new Kept(clock);
  }

  /** From now on they run for so much of the time. */
  hold(reach: Reach, { leaseMs, runPercent }: { leaseMs: number; runPercent: number }): void {
    this.#kept.keep(reachKey(reach), { leaseMs, turn: turnsOf(reach, runPercent), undo: () => signalAll(reach, 'SIGCONT') });
  }

  renew(): void {
    this.#kept.renew();
  }

  free(reach: Reach): void {
    this.#kept.free(reachKey(reach));
  }

  freeAll(): void {
    this.#kept.freeAll();
  }

  /** That process of ours has ended: its number may be somebody else's soon. */
  forget(pid: number): void {
    this.#kept.forget(reachKey({ kind: 'group', pid }));
  }
}

function turnsOf(reach: Reach, runPercent: number): Turn {
  let runs = true;
  return () => {
    runs = !runs;
    signalAll(reach, runs ? 'SIGCONT' : 'SIGSTOP');
    if (runPercent === 0) return Number.POSITIVE_INFINITY;
    return (TURN_MS * (runs ? runPercent : 100 - runPercent)) / 100;
  };
}
