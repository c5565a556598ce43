/** Keeps what faults do to processes, as orders say, and takes it back: each by itself when nobody renews it, or all at once. */
import type { Clock } from '../../core/clock.js';
import { FileLimits } from './file-limits.js';
import { Holds } from './holds.js';
import type { ReaperOrder } from './reaper-order.js';
import { SkewedClocks } from './skewed-clocks.js';
import { TracedProcesses } from './traced.js';

/** Orders about what is kept. */
export type KeeperOrder = Exclude<ReaperOrder, { order: 'own' | 'disown' }>;

export class Keeper {
  readonly #holds: Holds;
  readonly #clocks: SkewedClocks;
  readonly #files: FileLimits;
  readonly #traced: TracedProcesses;

  constructor(clock: Clock) {
    this.#holds = new Holds(clock);
    this.#clocks = new SkewedClocks(clock);
    this.#files = new FileLimits(clock);
    this.#traced = new TracedProcesses(clock);
  }

  obey(told: KeeperOrder): void {
    switch (told.order) {
      case 'hold':
        this.#holds.hold(told.reach, told);
        return;
      case 'free':
        this.#holds.free(told.reach);
        return;
      case 'skew':
        this.#clocks.skew(told.file, told);
        return;
      case 'setRight':
        this.#clocks.setRight(told.file);
        return;
      case 'limitFiles':
        this.#files.limit(told.pid, told);
        return;
      case 'freeFiles':
        this.#files.free(told.pid);
        return;
      case 'slowFiles':
        this.#traced.slowFiles(told.pid, told);
        return;
      case 'freeCalls':
        this.#traced.free(told.pid);
        return;
      case 'renew':
        this.#holds.renew();
        this.#clocks.renew();
        this.#files.renew();
        this.#traced.renew();
        return;
    }
  }

  /** The process has ended: its number may be somebody else's soon. */
  forget(pid: number): void {
    this.#holds.forget(pid);
    this.#files.forget(pid);
    // The tracer is ours, and may hold whom that one has started.
    this.#traced.free(pid);
  }

  takeAllBack(): void {
    this.#holds.freeAll();
    this.#clocks.setAllRight();
    this.#files.freeAll();
    this.#traced.freeAll();
  }
}
