/**
 * How far another host's clock is from ours, from round trips, with bounds. The bounds are certain, not likely: an answer was given between the asking and
 * the hearing of it, and nothing is assumed about how the way there compares to the way back. Every round trip narrows them; drift widens what is old.
 */

/** A question and its answer. `askedMs` and `heardMs` by our clock, `seenMs` and `toldMs` by the other's; the two pairs are in order. */
export interface RoundTrip {
  askedMs: number;
  seenMs: number;
  toldMs: number;
  heardMs: number;
}

/** `ours = theirs + offsetMs`, wrong by no more than `boundMs`. */
export interface ClockEstimate {
  offsetMs: number;
  boundMs: number;
}

/** Of two crystals, a good deal more than any that is sold; a clock that is being slewed may be so far off. */
export const DRIFT_MAX = 500e-6;
/** Round trips that are kept: the narrowest of the last quarter of an hour, at one every few seconds. */
const KEPT_MAX = 256;

/** Where the offset was at `atMs`, by our clock. */
interface Interval {
  lowMs: number;
  highMs: number;
  atMs: number;
}

export class ClockOffset {
  readonly #driftMax: number;
  #kept: Interval[] = [];

  constructor({ driftMax = DRIFT_MAX }: { driftMax?: number } = {}) {
    this.#driftMax = driftMax;
  }

  /** False: it cannot have been so, and nothing is taken from it. */
  add({ askedMs, seenMs, toldMs, heardMs }: RoundTrip): boolean {
    const lowMs = askedMs - seenMs;
    const highMs = heardMs - toldMs;
    if (!(Number.isFinite(lowMs) && Number.isFinite(highMs)) || toldMs < seenMs) return false;
    // Where they took their time, a clock that runs fast may say that they took longer than we have waited; no more than drift explains.
    if (lowMs - highMs > (heardMs - askedMs) * this.#driftMax) return false;
    // It was true when they were asked; from then on the clocks drift.
    const fresh: Interval = { lowMs: Math.min(lowMs, highMs), highMs: Math.max(lowMs, highMs), atMs: askedMs };
    const now = this.#at(fresh, heardMs);
    const useful = this.#kept.filter((one) => {
      const old = this.#at(one, heardMs);
      // A clock that was set says something else for good: what is kept of the time before is not true any more.
      const isTrue = old.lowMs <= now.highMs && now.lowMs <= old.highMs;
      // What reaches beyond the newest one on both sides now will do so for ever.
      return isTrue && (old.lowMs > now.lowMs || old.highMs < now.highMs);
    });
    this.#kept = [...useful.slice(-KEPT_MAX + 1), fresh];
    return true;
  }

  /** At that instant of our clock; undefined before the first round trip. */
  estimate(nowMs: number): ClockEstimate | undefined {
    const narrowed = this.#kept.map((one) => this.#at(one, nowMs));
    if (narrowed.length === 0) return undefined;
    const lowMs = Math.max(...narrowed.map((one) => one.lowMs));
    const highMs = Math.min(...narrowed.map((one) => one.highMs));
    return { offsetMs: (lowMs + highMs) / 2, boundMs: Math.max(0, (highMs - lowMs) / 2) };
  }

  #at({ lowMs, highMs, atMs }: Interval, nowMs: number): Interval {
    const driftMs = Math.max(0, nowMs - atMs) * this.#driftMax;
    return { lowMs: lowMs - driftMs, highMs: highMs + driftMs, atMs: nowMs };
  }
}
