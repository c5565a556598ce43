/** Renews the run's leases for as long as it lives. If the data plane refuses (a newer epoch, a halt) or stays silent for a lease, the run is told to stop. */
import { type Clock, every, type Timer } from '../core/clock.js';
import type { Faults } from './drivers/driver.js';

/** Silence, as opposed to a refusal. */
const SILENCE: ReadonlySet<string | undefined> = new Set(['DAEMON_UNREACHABLE', 'TOXIPROXY_FAILED']);

export class LeaseKeeper implements Disposable {
  readonly #timer: Timer;

  constructor(given: { clock: Clock; faults: Pick<Faults, 'renew'>; leaseMs: number; everyMsMax?: number; onLost(error: unknown): void }) {
    const { clock, faults, leaseMs, everyMsMax = leaseMs, onLost } = given;
    let lastMs = clock.nowMs();
    let busy = false;
    this.#timer = every(clock, Math.min(everyMsMax, leaseMs / 4), () => {
      if (busy) return;
      busy = true;
      faults
        .renew()
        .then(
          () => {
            lastMs = clock.nowMs();
          },
          (error: unknown) => {
            const isRefusal = !SILENCE.has((error as { code?: string }).code);
            if (isRefusal || clock.nowMs() - lastMs > leaseMs) onLost(error);
          },
        )
        .finally(() => {
          busy = false;
        });
    });
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }
}
