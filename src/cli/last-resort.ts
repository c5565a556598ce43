/**
 * What nobody has caught, like a throw in a timer: a mistake of ours, which must not look like a verdict. It is said, and the command is told to stop as by a
 * signal, so that a run heals and its daemon closes; whatever the command makes of that, it ends with 70, or with 5 where healing was not confirmed.
 */
import type { Clock } from '../core/clock.js';
import { EXIT } from '../core/errors.js';
import type { CliContext } from './command.js';
import { sayError } from './say-error.js';

/** What broke may be what the command waits for. Long enough for leases to run out where a plan lets them. */
const STOP_WITHIN_MS = 120_000;
/** A timer that throws does so again and again. */
const SAID_MAX = 10;

export interface LastResortPorts {
  clock: Pick<Clock, 'after'>;
  warn: CliContext['warn'];
  /** Of the whole command; a signal aborts it too. */
  interrupted: AbortController;
  /** Ends the process at once. */
  end(code: number): void;
}

export class LastResort {
  readonly #ports: LastResortPorts;
  #uncaught = 0;

  constructor(ports: LastResortPorts) {
    this.#ports = ports;
  }

  take(error: unknown): void {
    const { clock, warn, interrupted, end } = this.#ports;
    this.#uncaught += 1;
    if (this.#uncaught <= SAID_MAX) sayError({ warn }, error);
    if (this.#uncaught > 1) return;
    clock.after(STOP_WITHIN_MS, () => {
      warn(
        `faultlab: not stopped within ${STOP_WITHIN_MS / 1000} s: ending at once; faults that are still on end when their lease runs out`,
      );
      end(EXIT.dirty);
    });
    interrupted.abort('an uncaught error');
  }

  /** What a command ends with that would end with `code`. */
  exitOf(code: number): number {
    return this.#uncaught === 0 || code === EXIT.dirty ? code : EXIT.internal;
  }
}
