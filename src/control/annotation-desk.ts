/** Keeps what annotations are made of, and makes them when somebody asks. Exists only where somebody follows the daemon. */
import type { Clock } from '../core/clock.js';
import { type Annotation, annotationsBetween } from './annotations.js';
import { FaultWindows } from './live/fault-windows.js';
import type { RunFeed } from './live/run-feed.js';
import type { ObservationFollower } from './observation-follower.js';

/** Where a question names no beginning. */
const FROM_DEFAULT_MS = 3_600_000;

export class AnnotationDesk {
  readonly #clock: Clock;
  readonly #feed: RunFeed;
  readonly #follower: ObservationFollower;
  readonly #windows = new FaultWindows();

  constructor(clock: Clock, { feed, follower }: { feed: RunFeed; follower: ObservationFollower }) {
    this.#clock = clock;
    this.#feed = feed;
    this.#follower = follower;
    follower.listen({
      onObservation: (observation) => {
        if (observation.kind === 'fault') this.#windows.note(observation);
      },
    });
  }

  /** In milliseconds since 1970; the last hour if left out. */
  between({ from, to }: { from?: number | undefined; to?: number | undefined }): readonly Annotation[] {
    this.#follower.catchUp();
    const nowMs = this.#clock.nowMs();
    const wallMs = this.#clock.wallMs();
    const toMs = to ?? wallMs;
    return annotationsBetween(
      {
        started: this.#feed.run?.started,
        events: this.#feed.events,
        windows: this.#windows.kept(nowMs),
        nowMs,
        toWallMs: (atMs) => wallMs + (atMs - nowMs),
      },
      { fromMs: from ?? toMs - FROM_DEFAULT_MS, toMs },
    );
  }
}
