/** Renews the run's leases for as long as it lives. If the data plane refuses (a newer epoch, a halt) or stays silent for a lease, the run is told to stop. */
import { type Clock, every, type Timer } from '../core/clock.js';
import type { Plan } from '../experiment/plan.js';
import type { Faults } from './drivers/driver.js';

/** Silence, as opposed to a refusal. */
const SILENCE: ReadonlySet<string | undefined> = new Set(['DAEMON_UNREACHABLE', 'TOXIPROXY_FAILED', 'ETCD_UNREACHABLE']);

/** How often it is asked whether the run may go on at all: a halt is to be heard within a second, also where no fault is on that it ends. */
const RENEWAL_MS = 500;
/** And whether faults on processes may. */
const PROCESS_RENEWAL_MS = 250;

/** How often the leases of a plan have to be renewed, beside the claim on the data plane. */
export function renewalOf({ steps }: Pick<Plan, 'steps'>, claimMs: number): { leaseMs: number; everyMsMax: number } {
  // One renewal is for all of them: the shortest says how often.
  const leaseMs = Math.min(claimMs, ...steps.flatMap(({ fault }) => fault?.leaseMs ?? []));
  // A halt ends what is on links by itself; what is on processes ends as soon as the renewal is refused.
  return { leaseMs, everyMsMax: steps.some(({ fault }) => fault?.processes !== undefined) ? PROCESS_RENEWAL_MS : RENEWAL_MS };
}

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
