/**
 * Small writes leave together, at the end of a turn of the event loop. A peer that is woken for the first of them finds the next ones there and is
 * not put to sleep and woken again for each: on a busy machine waking peers was up to half of the time that a request took.
 */
import { atTurnEnd } from '../../core/clock.js';

/** Whose write was put off. */
export interface PutOff {
  /** It is time. Called once for each `add`, when there may be nothing left to send. */
  turnEnded(): void;
}

export class Outbox {
  /** A wire is added with the first write that it puts off, so wires bound it, and what they write at once in between. */
  #waiting: PutOff[] = [];

  add(wire: PutOff): void {
    if (this.#waiting.length === 0) atTurnEnd(this.#flush);
    this.#waiting.push(wire);
  }

  readonly #flush = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wire of waiting) wire.turnEnded();
  };
}
