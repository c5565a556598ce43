/**
 * Who steers the daemon: at most one run at a time, as long as it renews its claim, and never one whose epoch is older than the newest seen. A
 * person at the keyboard has no epoch and gives way to a run.
 */
import type { Clock } from '../core/clock.js';
import { LabError } from '../core/errors.js';

/** How long a run that no longer renews still keeps others out. */
export const RUN_LEASE_MS = 10_000;

export class RunClaim {
  readonly #clock: Clock;
  /** Epochs begin at the wall clock, so that one claimed before this daemon started is stale here. */
  #newestEpoch: number;
  #held: { run: string; isDry: boolean; endsMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#newestEpoch = Math.floor(clock.wallMs());
  }

  /** The run that steers; null if none does, or if it has not renewed in time. */
  get run(): string | null {
    return this.#held !== undefined && this.#held.endsMs > this.#clock.nowMs() ? this.#held.run : null;
  }

  /** The same, and whether it is a rehearsal, which changes nothing. */
  get steering(): { run: string | null; isDry: boolean } {
    const { run } = this;
    return { run, isDry: run !== null && this.#held?.isDry === true };
  }

  /** Gives a run the newest epoch, and says whose claim had run out. Throws RUN_ACTIVE. */
  take(run: string, { isDry = false }: { isDry?: boolean | undefined } = {}): { epoch: number; overtaken: string | undefined } {
    this.refuseBesides(run);
    const overtaken = this.#held?.run === run ? undefined : this.#held?.run;
    this.#newestEpoch = Math.max(this.#newestEpoch + 1, Math.floor(this.#clock.wallMs()));
    this.#held = { run, isDry, endsMs: this.#clock.nowMs() + RUN_LEASE_MS };
    return { epoch: this.#newestEpoch, overtaken };
  }

  renew(run: string): void {
    if (this.#held?.run === run) this.#held.endsMs = this.#clock.nowMs() + RUN_LEASE_MS;
  }

  /** The run has not renewed in time: it steers no longer, and anybody may take its place. */
  lapse(run: string): void {
    if (this.#held?.run === run) this.#held.endsMs = Math.min(this.#held.endsMs, this.#clock.nowMs());
  }

  release(run: string): void {
    if (this.#held?.run === run) this.#held = undefined;
  }

  /**
   * Throws EPOCH_STALE on an epoch that is not the newest, and CLAIM_LOST on that of a run which has not renewed in time: nobody may have noticed that it
   * slept, and it must not go on where it stood. Without an epoch, RUN_ACTIVE while another run steers.
   */
  refuse({ run, epoch }: { run: string; epoch?: number | undefined }): void {
    if (epoch === undefined) {
      this.refuseBesides(run);
      return;
    }
    if (epoch < this.#newestEpoch) throw new LabError('EPOCH_STALE', { epoch, newest: this.#newestEpoch });
    if (this.#held?.run === run && this.run === null) throw new LabError('CLAIM_LOST', { run });
    this.#newestEpoch = epoch;
  }

  /** Throws RUN_ACTIVE while another run steers. */
  refuseBesides(run: string): void {
    const active = this.run;
    if (active !== null && active !== run) throw new LabError('RUN_ACTIVE', { run: active });
  }
}
