/**
 * The one reader of a daemon's observations for all that the daemon itself makes of them: metrics, and sums for pages. Costs nothing where nobody listens:
 * then nobody reads.
 */
import type { Daemon } from '../dataplane/daemon.js';
import type { Observation } from '../journal/observations.js';

const PAGE_MAX = 5_000;
const WAIT_MS = 10_000;

export interface ObservationListener {
  onObservation(observation: Observation): void;
  /** So many were overwritten before they could be read here. */
  onLost?(count: number): void;
}

export class ObservationFollower {
  readonly #daemon: Daemon;
  readonly #listeners: ObservationListener[] = [];
  /** Observations up to this one have been told. */
  #after: number;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#after = daemon.observations.newest;
  }

  /** Told of everything from now on, in order. */
  listen(listener: ObservationListener): void {
    this.#listeners.push(listener);
  }

  /** Tells what the daemon sees, until told to end; returns at once where nobody listens. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#listeners.length > 0) {
      await this.#daemon.observations.readOrWait({ after: this.#after, max: PAGE_MAX, waitMs: WAIT_MS, signal });
      this.catchUp();
    }
  }

  /** Tells at once what has been seen, for who is about to answer by it. */
  catchUp(): void {
    const { observations } = this.#daemon;
    while (this.#after < observations.newest) {
      const page = observations.read(this.#after, PAGE_MAX);
      this.#after = page.next;
      for (const listener of this.#listeners) {
        if (page.lost > 0) listener.onLost?.(page.lost);
        for (const observation of page.observations) listener.onObservation(observation);
      }
    }
  }
}
