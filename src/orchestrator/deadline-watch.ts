/** Looks after the deadlines of steps and groups: each runs from the start of the first of its steps until the last of them has ended. */
import type { Clock, Timer } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import { formatMs } from '../core/units.js';
import type { PlannedDeadline } from '../experiment/plan.js';

interface Watched extends PlannedDeadline {
  /** Steps that have not ended. */
  open: Set<string>;
  timer: Timer | undefined;
}

export class DeadlineWatch implements Disposable {
  readonly #clock: Clock;
  readonly #watched: readonly Watched[];
  readonly #onPassed: (error: LabError) => void;

  /** `onPassed` is told DEADLINE_PASSED, once for each deadline. */
  constructor(clock: Clock, deadlines: readonly PlannedDeadline[], onPassed: (error: LabError) => void) {
    this.#clock = clock;
    this.#watched = deadlines.map((deadline) => ({ ...deadline, open: new Set(deadline.steps), timer: undefined }));
    this.#onPassed = onPassed;
  }

  started(step: string): void {
    for (const watched of this.#watched) {
      if (watched.timer !== undefined || !watched.open.has(step)) continue;
      const { name, deadlineMs } = watched;
      const error = new LabError('DEADLINE_PASSED', { step: name, deadline: formatMs(deadlineMs) });
      watched.timer = this.#clock.after(deadlineMs, () => this.#onPassed(error));
    }
  }

  ended(step: string): void {
    for (const { open, timer } of this.#watched) if (open.delete(step) && open.size === 0) timer?.cancel();
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#watched) timer?.cancel();
  }
}
