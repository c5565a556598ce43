/**
 * Keeps one head, and so its connection, waiting for as long as the faults asked: for a time, or until a gate opens. A fault that is removed
 * takes its wait with it, as if it had never asked.
 */
import type { Clock } from '../../core/clock.js';
import { Alarm } from '../alarm.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { Gate } from '../faults/gate.js';

/** `limitMs` counts from when the waits before it are over; Infinity: as long as the fault is there. */
export type Wait =
  | ({ fault: ActiveFault } & ({ kind: 'delay'; delayMs: number } | { kind: 'hold'; gate: Gate; limitMs: number; lagMs?: number }))
  /** On nobody's account: nobody can release it, and it stays whatever fault goes. */
  | { kind: 'peek'; gate: Gate; limitMs: number; lagMs?: undefined };

interface Waiting {
  wait: Wait;
  /** When the gate opened; Infinity while it is shut. */
  openedMs: number;
  /** Nobody is to tell of the gate any more. */
  forget(): void;
}

export class Hold {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #release: () => void;
  #sinceMs = 0;
  #waitings: readonly Waiting[] = [];
  #isRunning = false;

  /** `release` is called when the waits are over: never from within `start`, and never after `cancel`. */
  constructor(clock: Clock, release: () => void) {
    this.#clock = clock;
    this.#release = release;
    this.#alarm = new Alarm(clock, () => this.#end());
  }

  start(waits: readonly Wait[]): void {
    this.#sinceMs = this.#clock.nowMs();
    this.#waitings = waits.map((wait) => this.#await(wait));
    this.#isRunning = true;
    this.#alarm.set(this.#dueMs());
  }

  /** Forgets the waits of faults that are not in `faults` any more. */
  retain(faults: readonly ActiveFault[]): void {
    if (!this.#isRunning) return;
    const gone = this.#waitings.filter(({ wait }) => wait.kind !== 'peek' && !faults.includes(wait.fault));
    for (const waiting of gone) waiting.forget();
    this.#waitings = this.#waitings.filter((waiting) => !gone.includes(waiting));
    this.#look();
  }

  cancel(): void {
    this.#isRunning = false;
    this.#alarm.cancel();
    for (const { forget } of this.#waitings) forget();
    this.#waitings = [];
  }

  #await(wait: Wait): Waiting {
    if (wait.kind === 'delay') return { wait, openedMs: 0, forget: () => {} };
    const waiting: Waiting = { wait, openedMs: Number.POSITIVE_INFINITY, forget: () => {} };
    const unregister = wait.kind === 'peek' ? () => {} : wait.fault.holds(wait.gate);
    const unheard = wait.gate.whenOpen(() => {
      waiting.openedMs = this.#clock.nowMs();
      unregister();
      this.#look();
    });
    waiting.forget = () => {
      unheard();
      unregister();
    };
    return waiting;
  }

  /** Ends it if nothing is left to wait for. */
  #look(): void {
    if (!this.#isRunning) return;
    const dueMs = this.#dueMs();
    if (dueMs > this.#clock.nowMs()) this.#alarm.set(dueMs);
    else this.#end();
  }

  #end(): void {
    this.cancel();
    this.#release();
  }

  #dueMs(): number {
    return this.#waitings.reduce((fromMs, waiting) => overMs(waiting, fromMs), this.#sinceMs);
  }
}

/** When a wait is over that begins at `fromMs`. */
function overMs({ wait, openedMs }: Waiting, fromMs: number): number {
  return wait.kind === 'delay' ? fromMs + wait.delayMs : Math.min(fromMs + wait.limitMs, Math.max(fromMs, openedMs + (wait.lagMs ?? 0)));
}
