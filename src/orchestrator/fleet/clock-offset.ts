/**
 * How far another host's clock is from ours, from round trips, with bounds. The bounds are certain, not likely: an answer was given between the asking and
 * the hearing of it, and nothing is assumed about how the way there compares to the way back. Every round trip narrows them; drift widens what is old.
 */

/** A question and its answer. `askedMs` and `heardMs` are by the clock of who asked, `seenMs` and `toldMs` by that of who answered; each pair is in order. */
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

  /** One that we began. False: it cannot have been so, and nothing is taken from it. */
  add({ askedMs, seenMs, toldMs, heardMs }: RoundTrip): boolean {
    if (toldMs < seenMs) return false;
    return this.#add({ lowMs: askedMs - seenMs, highMs: heardMs - toldMs, atMs: askedMs }, heardMs);
  }

  /** One that the other began: `askedMs` and `heardMs` are by its clock, the two between by ours. */
  addTheirs({ askedMs, seenMs, toldMs, heardMs }: RoundTrip): boolean {
    if (heardMs < askedMs) return false;
    return this.#add({ lowMs: toldMs - heardMs, highMs: seenMs - askedMs, atMs: seenMs }, toldMs);
  }

  /** `nowMs`: the latest instant that we know of, by our clock. */
  #add({ lowMs, highMs, atMs }: Interval, nowMs: number): boolean {
    if (!Number.isFinite(highMs - lowMs) || nowMs < atMs) return false;
    // A clock that runs fast may say that they took longer over the answer than we have waited for it; no more than drift explains.
    if (lowMs - highMs > (nowMs - atMs) * this.#driftMax) return false;
    // It was true at `atMs`; from then on the clocks drift.
    const fresh: Interval = { lowMs: Math.min(lowMs, highMs), highMs: Math.max(lowMs, highMs), atMs };
    const now = this.#at(fresh, nowMs);
    const useful = this.#kept.filter((one) => {
      const old = this.#at(one, nowMs);
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
