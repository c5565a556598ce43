/**
 * Processes that are stopped, wholly or for a share of the time, each under a lease. What a reader gets wrong: it is not the end of a hold that needs
 * somebody who asks for it, but its going on.
 */
import type { Clock, Timer } from '../../core/clock.js';
import { signalGroup } from './processes.js';

/** One turn of running and standing still. Long enough that starting and stopping costs little, short enough to look slow instead of stuck. */
const TURN_MS = 50;

interface Hold {
  leaseMs: number;
  renewedMs: number;
  runPercent: number;
  turn: Timer;
}

export class Holds {
  readonly #clock: Clock;
  readonly #holds = new Map<number, Hold>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on the group runs for so much of the time. */
  hold(pid: number, { leaseMs, runPercent }: { leaseMs: number; runPercent: number }): void {
    this.#holds.get(pid)?.turn.cancel();
    const hold: Hold = { leaseMs, renewedMs: this.#clock.nowMs(), runPercent, turn: { cancel: () => {} } };
    this.#holds.set(pid, hold);
    this.#stop(pid, hold);
  }

  renew(): void {
    for (const hold of this.#holds.values()) hold.renewedMs = this.#clock.nowMs();
  }

  free(pid: number): void {
    const hold = this.#holds.get(pid);
    hold?.turn.cancel();
    this.#holds.delete(pid);
    if (hold !== undefined) signalGroup(pid, 'SIGCONT');
  }

  /** It has ended by itself: nothing is signalled any more. */
  forget(pid: number): void {
    this.#holds.get(pid)?.turn.cancel();
    this.#holds.delete(pid);
  }

  freeAll(): void {
    for (const pid of this.#holds.keys()) this.free(pid);
  }

  #stop(pid: number, hold: Hold): void {
    const leftMs = hold.renewedMs + hold.leaseMs - this.#clock.nowMs();
    if (leftMs <= 0) {
      this.free(pid);
      return;
    }
    signalGroup(pid, 'SIGSTOP');
    const forMs = hold.runPercent === 0 ? leftMs : (TURN_MS * (100 - hold.runPercent)) / 100;
    hold.turn = this.#clock.after(forMs, () => (hold.runPercent === 0 ? this.#stop(pid, hold) : this.#go(pid, hold)));
  }

  #go(pid: number, hold: Hold): void {
    signalGroup(pid, 'SIGCONT');
    hold.turn = this.#clock.after((TURN_MS * hold.runPercent) / 100, () => this.#stop(pid, hold));
  }
}
