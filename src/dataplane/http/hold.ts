/** Keeps one head, and so its connection, waiting for as long as the faults asked. A fault that is removed takes its delay with it. */
import type { Clock } from '../../core/clock.js';
import { Alarm } from '../alarm.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { Delay } from './rule-on.js';

export class Hold {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #release: () => void;
  #sinceMs = 0;
  #delays: readonly Delay[] = [];
  #isRunning = false;

  /** `release` is called when the delays have passed: never from within `start`, and never after `cancel`. */
  constructor(clock: Clock, release: () => void) {
    this.#clock = clock;
    this.#release = release;
    this.#alarm = new Alarm(clock, () => this.#end());
  }

  start(delays: readonly Delay[]): void {
    this.#sinceMs = this.#clock.nowMs();
    this.#delays = delays;
    this.#isRunning = true;
    this.#alarm.set(this.#dueMs());
  }

  /** Forgets the delays of faults that are not in `faults` any more. */
  retain(faults: readonly ActiveFault[]): void {
    if (!this.#isRunning) return;
    this.#delays = this.#delays.filter(({ fault }) => faults.includes(fault));
    const dueMs = this.#dueMs();
    if (dueMs > this.#clock.nowMs()) this.#alarm.set(dueMs);
    else this.#end();
  }

  cancel(): void {
    this.#isRunning = false;
    this.#alarm.cancel();
  }

  #end(): void {
    this.cancel();
    this.#release();
  }

  #dueMs(): number {
    return this.#sinceMs + this.#delays.reduce((sum, { delayMs }) => sum + delayMs, 0);
  }
}
